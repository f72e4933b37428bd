-- Findings for those who draw charts of them, beside the views of visits: no person, no note.
-- One that a correction withdrew reads void and does not live.
CREATE VIEW quality_findings AS
SELECT
    d.id AS finding_id,
    f.code AS facility,
    d.territory,
    d.checklist_code AS checklist,
    d.item,
    d.severity,
    d.state,
    d.opened_at,
    COALESCE(d.ordered_due_on, d.due_on) AS due_on,
    d.failures,
    d.passed_by IS NOT NULL AND d.settled_at IS NULL AND NOT d.withdrawn AS closing_proposed,
    d.settled_at,
    d.settled_at IS NULL AND NOT d.withdrawn AS live
FROM findings d
JOIN facilities f ON f.id = d.facility_id;

CREATE VIEW quality_finding_moves AS
SELECT
    d.id AS finding_id,
    f.code AS facility,
    d.territory,
    m.at,
    m.from_state,
    m.to_state
FROM finding_moves m
JOIN findings d ON d.id = m.finding_id
JOIN facilities f ON f.id = d.facility_id;
