-- The scoring model in force, as the service last said: one row, none before its first start.
-- Views cannot ask the library, and which score of a visit is shown depends on it.
CREATE TABLE shown_model (
    id integer NOT NULL PRIMARY KEY CHECK (id = 1),
    code text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL
);

-- The views that Grafana and others read. Their names and columns stay; what is below them may
-- change. No person, note, caption or other free text is in them. A view runs with the rights
-- of its owner, so whoever may read these needs no right on a table.

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
    id AS facility_id,
    code AS facility,
    name,
    kind,
    territory,
    municipality,
    managing_body::jsonb ->> 'name' AS managing_body,
    authorised_places,
    active
FROM facilities;

CREATE VIEW quality_inspections AS
SELECT
    i.id AS inspection_id,
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
    i.id AS inspection_id,
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
    i.id AS inspection_id,
    f.code AS facility,
    i.territory,
    i.checklist_code AS checklist,
    i.ended_at,
    v.indicator ->> 'code' AS indicator,
    (v.indicator ->> 'value')::double precision AS value,
    v.indicator ->> 'level' AS level
FROM inspections i
JOIN facilities f ON f.id = i.facility_id
JOIN shown_scores s ON s.inspection_id = i.id
CROSS JOIN LATERAL json_array_elements(s.document::json -> 'indicators') AS v (indicator)
WHERE i.superseded_by IS NULL;
