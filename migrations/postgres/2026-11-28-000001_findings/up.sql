-- What visits hold against a centre, and what the office makes of it. Of an item of a checklist
-- at a centre one finding at most is neither settled nor withdrawn.
CREATE TABLE findings (
    id uuid NOT NULL PRIMARY KEY,
    facility_id uuid NOT NULL REFERENCES facilities (id),
    territory text COLLATE "C" NOT NULL,
    checklist_code text COLLATE "C" NOT NULL,
    item text COLLATE "C" NOT NULL,
    severity text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    opened_by uuid NOT NULL REFERENCES inspections (id),
    opened_at timestamptz NOT NULL,
    due_on date NOT NULL,
    ordered_due_on date,
    failures integer NOT NULL CHECK (failures > 0),
    failed_by uuid NOT NULL REFERENCES inspections (id),
    failed_at timestamptz NOT NULL,
    failed_received_at timestamptz NOT NULL,
    passed_by uuid REFERENCES inspections (id),
    passed_at timestamptz,
    passed_received_at timestamptz,
    settled_at timestamptz,
    withdrawn boolean NOT NULL,
    revision bigint NOT NULL
);
CREATE UNIQUE INDEX findings_unsettled ON findings (facility_id, checklist_code, item)
    WHERE settled_at IS NULL;
CREATE INDEX findings_facility ON findings (facility_id, checklist_code);
CREATE INDEX findings_due ON findings (due_on, id);
CREATE INDEX findings_territory ON findings (territory, due_on, id);
CREATE INDEX findings_live ON findings (territory, severity, facility_id, opened_at, passed_by, due_on)
    WHERE settled_at IS NULL AND NOT withdrawn;

-- Each move of a finding; those without a person are the system's, after a correction.
CREATE TABLE finding_moves (
    id uuid NOT NULL PRIMARY KEY,
    finding_id uuid NOT NULL REFERENCES findings (id),
    at timestamptz NOT NULL,
    by_person uuid,
    from_state text COLLATE "C" NOT NULL,
    to_state text COLLATE "C" NOT NULL,
    note text,
    due_on date,
    photos text NOT NULL,
    inspection_id uuid REFERENCES inspections (id)
);
CREATE INDEX finding_moves_finding ON finding_moves (finding_id, id);
CREATE FUNCTION finding_moves_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'finding_moves only grows: its rows are never changed or deleted';
END
$$;
CREATE TRIGGER finding_moves_never_change BEFORE UPDATE OR DELETE ON finding_moves
    FOR EACH ROW EXECUTE FUNCTION finding_moves_only_grow();
CREATE TRIGGER finding_moves_never_go BEFORE TRUNCATE ON finding_moves
    FOR EACH STATEMENT EXECUTE FUNCTION finding_moves_only_grow();

-- How often the findings of a centre changed: whoever works out new ones from what it read
-- writes them only where nobody else did meanwhile.
CREATE TABLE finding_ledgers (
    facility_id uuid NOT NULL PRIMARY KEY REFERENCES facilities (id),
    revision bigint NOT NULL
);

-- Visits whose findings are still to be worked out. The database notes them by itself, so that
-- a process of the release before, which knows no findings, leaves none out.
CREATE TABLE finding_debts (
    inspection_id uuid NOT NULL PRIMARY KEY REFERENCES inspections (id),
    facility_id uuid NOT NULL REFERENCES facilities (id)
);
CREATE INDEX finding_debts_facility ON finding_debts (facility_id);
CREATE FUNCTION owe_findings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO finding_debts (inspection_id, facility_id) VALUES (NEW.id, NEW.facility_id);
    RETURN NEW;
END
$$;
CREATE TRIGGER inspections_owe_findings AFTER INSERT ON inspections
    FOR EACH ROW EXECUTE FUNCTION owe_findings();
INSERT INTO finding_debts (inspection_id, facility_id) SELECT id, facility_id FROM inspections;
