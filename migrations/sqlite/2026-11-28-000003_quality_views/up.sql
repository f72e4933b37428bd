-- The scoring model in force, as the service last said: one row, none before its first start.
-- Views cannot ask the library, and which score of a visit is shown depends on it.
CREATE TABLE shown_model (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    code TEXT NOT NULL,
    version TEXT NOT NULL
) STRICT;

-- The views that Grafana and others read. Their names and columns stay; what is below them may
-- change. No person, note, caption or other free text is in them. Ids are written as
-- the API writes them; instants are UTC.

-- The score of each inspection that is shown: the one by the model in force, and of several by
-- one model, or where there is none by it, the one computed last (as `is_shown` in the
-- service's scores.rs).
CREATE VIEW shown_scores AS
SELECT
    id, inspection_id, overall, coverage, band, band_by_points, model_code, model_version, document
FROM scores
WHERE NOT EXISTS (
    SELECT 1 FROM scores AS other
    WHERE other.inspection_id = scores.inspection_id
    AND (other.model_code || ' ' || other.model_version
            = COALESCE((SELECT code || ' ' || version FROM shown_model), ''),
            other.computed_at, other.id)
        > (scores.model_code || ' ' || scores.model_version
            = COALESCE((SELECT code || ' ' || version FROM shown_model), ''),
            scores.computed_at, scores.id)
);

CREATE VIEW quality_facilities AS
SELECT
    lower(
        substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4)
        || '-' || substr(hex(id), 17, 4) || '-' || substr(hex(id), 21)
    ) AS facility_id,
    code AS facility,
    name,
    kind,
    territory,
    municipality,
    json_extract(managing_body, '$.name') AS managing_body,
    authorised_places,
    active
FROM facilities;

CREATE VIEW quality_inspections AS
SELECT
    lower(
        substr(hex(i.id), 1, 8) || '-' || substr(hex(i.id), 9, 4) || '-' || substr(hex(i.id), 13, 4)
        || '-' || substr(hex(i.id), 17, 4) || '-' || substr(hex(i.id), 21)
    ) AS inspection_id,
    f.code AS facility,
    f.name AS facility_name,
    f.kind AS facility_kind,
    i.territory,
    i.checklist_code AS checklist,
    i.checklist_version,
    i.kind,
    i.started_at,
    i.ended_at,
    i.received_at,
    i.day,
    s.overall,
    s.coverage,
    s.band,
    s.band_by_points,
    i.photos_missing,
    s.model_code AS model,
    s.model_version
FROM inspections i
JOIN facilities f ON f.id = i.facility_id
JOIN shown_scores s ON s.inspection_id = i.id
WHERE i.superseded_by IS NULL;

CREATE VIEW quality_dimensions AS
SELECT
    lower(
        substr(hex(i.id), 1, 8) || '-' || substr(hex(i.id), 9, 4) || '-' || substr(hex(i.id), 13, 4)
        || '-' || substr(hex(i.id), 17, 4) || '-' || substr(hex(i.id), 21)
    ) AS inspection_id,
    f.code AS facility,
    i.territory,
    i.checklist_code AS checklist,
    i.kind,
    i.ended_at,
    d.dimension,
    d.score,
    d.coverage
FROM inspections i
JOIN facilities f ON f.id = i.facility_id
JOIN shown_scores s ON s.inspection_id = i.id
JOIN score_dimensions d ON d.score_id = s.id
WHERE i.superseded_by IS NULL;

CREATE VIEW quality_indicators AS
SELECT
    lower(
        substr(hex(i.id), 1, 8) || '-' || substr(hex(i.id), 9, 4) || '-' || substr(hex(i.id), 13, 4)
        || '-' || substr(hex(i.id), 17, 4) || '-' || substr(hex(i.id), 21)
    ) AS inspection_id,
    f.code AS facility,
    i.territory,
    i.checklist_code AS checklist,
    i.ended_at,
    json_extract(v.value, '$.code') AS indicator,
    CAST(json_extract(v.value, '$.value') AS REAL) AS value,
    json_extract(v.value, '$.level') AS level
FROM inspections i
JOIN facilities f ON f.id = i.facility_id
JOIN shown_scores s ON s.inspection_id = i.id
JOIN json_each(s.document, '$.indicators') v
WHERE i.superseded_by IS NULL;
