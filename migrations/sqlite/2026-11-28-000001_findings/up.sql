-- What visits hold against a centre, and what the office makes of it. Of an item of a checklist
-- at a centre one finding at most is neither settled nor withdrawn.
CREATE TABLE findings (
    id BLOB NOT NULL PRIMARY KEY,
    facility_id BLOB NOT NULL REFERENCES facilities (id),
    territory TEXT NOT NULL,
    checklist_code TEXT NOT NULL,
    item TEXT NOT NULL,
    severity TEXT NOT NULL,
    state TEXT NOT NULL,
    opened_by BLOB NOT NULL REFERENCES inspections (id),
    opened_at TEXT NOT NULL,
    due_on TEXT NOT NULL,
    ordered_due_on TEXT,
    failures INTEGER NOT NULL CHECK (failures > 0),
    failed_by BLOB NOT NULL REFERENCES inspections (id),
    failed_at TEXT NOT NULL,
    failed_received_at TEXT NOT NULL,
    passed_by BLOB REFERENCES inspections (id),
    passed_at TEXT,
    passed_received_at TEXT,
    settled_at TEXT,
    withdrawn INTEGER NOT NULL,
    revision INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX findings_unsettled ON findings (facility_id, checklist_code, item)
    WHERE settled_at IS NULL;
CREATE INDEX findings_facility ON findings (facility_id, checklist_code);
CREATE INDEX findings_due ON findings (due_on, id);
CREATE INDEX findings_territory ON findings (territory, due_on, id);
CREATE INDEX findings_live ON findings (territory, severity, facility_id, opened_at, passed_by, due_on)
    WHERE settled_at IS NULL AND withdrawn = 0;

-- Each move of a finding; those without a person are the system's, after a correction.
CREATE TABLE finding_moves (
    id BLOB NOT NULL PRIMARY KEY,
    finding_id BLOB NOT NULL REFERENCES findings (id),
    at TEXT NOT NULL,
    by_person BLOB,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    note TEXT,
    due_on TEXT,
    photos TEXT NOT NULL,
    inspection_id BLOB REFERENCES inspections (id)
) STRICT;
CREATE INDEX finding_moves_finding ON finding_moves (finding_id, id);
CREATE TRIGGER finding_moves_never_change BEFORE UPDATE ON finding_moves BEGIN
    SELECT RAISE(ABORT, 'finding_moves only grows: its rows are never changed');
END;
CREATE TRIGGER finding_moves_never_go BEFORE DELETE ON finding_moves BEGIN
    SELECT RAISE(ABORT, 'finding_moves only grows: its rows are never deleted');
END;

-- How often the findings of a centre changed: whoever works out new ones from what it read
-- writes them only where nobody else did meanwhile.
CREATE TABLE finding_ledgers (
    facility_id BLOB NOT NULL PRIMARY KEY REFERENCES facilities (id),
    revision INTEGER NOT NULL
) STRICT;

-- Visits whose findings are still to be worked out. The database notes them by itself, so that
-- a process of the release before, which knows no findings, leaves none out.
CREATE TABLE finding_debts (
    inspection_id BLOB NOT NULL PRIMARY KEY REFERENCES inspections (id),
    facility_id BLOB NOT NULL REFERENCES facilities (id)
) STRICT;
CREATE INDEX finding_debts_facility ON finding_debts (facility_id);
CREATE TRIGGER inspections_owe_findings AFTER INSERT ON inspections BEGIN
    INSERT INTO finding_debts (inspection_id, facility_id) VALUES (NEW.id, NEW.facility_id);
END;
INSERT INTO finding_debts (inspection_id, facility_id) SELECT id, facility_id FROM inspections;
