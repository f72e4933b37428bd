-- Ids are 16 bytes, instants fixed-width UTC text (YYYY-MM-DD HH:MM:SS.ffffff), days
-- YYYY-MM-DD, documents JSON as text, truth values 0 and 1.

CREATE TABLE people (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    territories TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    disabled INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    revision INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    token_hash TEXT NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL,
    created_at TEXT NOT NULL,
    last_used_at TEXT NOT NULL,
    expires_at TEXT
) STRICT;
CREATE INDEX sessions_person ON sessions (person_id);

CREATE TABLE sign_in_failures (
    subject TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at TEXT NOT NULL
) STRICT;

CREATE TABLE audit_events (
    id BLOB NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    actor_id BLOB,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX audit_events_at ON audit_events (at, id);
CREATE TRIGGER audit_events_never_change BEFORE UPDATE ON audit_events BEGIN
    SELECT RAISE(ABORT, 'audit_events only grows: its rows are never changed');
END;
CREATE TRIGGER audit_events_never_go BEFORE DELETE ON audit_events BEGIN
    SELECT RAISE(ABORT, 'audit_events only grows: its rows are never deleted');
END;

CREATE TABLE facilities (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    territory TEXT NOT NULL,
    municipality TEXT NOT NULL,
    istat_code TEXT,
    latitude REAL,
    longitude REAL,
    authorised_places INTEGER,
    managing_body TEXT,
    facts TEXT NOT NULL,
    active INTEGER NOT NULL,
    -- code, name and municipality in lower case: SQLite's lower() knows ASCII only
    search TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX facilities_territory ON facilities (territory, code);

CREATE TABLE contracts (
    id BLOB NOT NULL PRIMARY KEY,
    facility_id BLOB NOT NULL REFERENCES facilities (id),
    starts_on TEXT NOT NULL,
    ends_on TEXT,
    cig TEXT,
    parameters TEXT NOT NULL,
    UNIQUE (facility_id, starts_on)
) STRICT;

CREATE TABLE published (
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    version TEXT NOT NULL,
    digest TEXT NOT NULL,
    document TEXT NOT NULL,
    published_at TEXT NOT NULL,
    PRIMARY KEY (kind, code, version)
) STRICT;

CREATE TABLE inspections (
    id BLOB NOT NULL PRIMARY KEY,
    facility_id BLOB NOT NULL REFERENCES facilities (id),
    territory TEXT NOT NULL,
    checklist_code TEXT NOT NULL,
    checklist_version TEXT NOT NULL,
    kind TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    day TEXT NOT NULL,
    digest TEXT NOT NULL,
    received_at TEXT NOT NULL,
    received_by BLOB NOT NULL,
    corrects BLOB,
    root BLOB NOT NULL,
    superseded_by BLOB,
    photos_missing INTEGER NOT NULL CHECK (photos_missing >= 0),
    -- the long ones last: SQLite reads a row from its beginning
    facts TEXT NOT NULL,
    scored BLOB NOT NULL,
    content TEXT NOT NULL
) STRICT;
CREATE INDEX inspections_facility ON inspections (facility_id, ended_at, id);
CREATE INDEX inspections_counting ON inspections (facility_id, checklist_code, ended_at, received_at, id)
    WHERE superseded_by IS NULL;
CREATE INDEX inspections_ended_at ON inspections (ended_at, id);
CREATE INDEX inspections_territory ON inspections (territory, ended_at, id);
CREATE INDEX inspections_root ON inspections (root);
CREATE INDEX inspections_received_by ON inspections (received_by, ended_at, id);

CREATE TABLE scores (
    id BLOB NOT NULL PRIMARY KEY,
    inspection_id BLOB NOT NULL REFERENCES inspections (id),
    model_code TEXT NOT NULL,
    model_version TEXT NOT NULL,
    model_digest TEXT NOT NULL,
    checklist_code TEXT NOT NULL,
    checklist_version TEXT NOT NULL,
    inputs_digest TEXT NOT NULL,
    overall REAL,
    coverage REAL,
    band TEXT NOT NULL,
    band_by_points TEXT NOT NULL,
    computed_at TEXT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (inspection_id, model_code, model_version, inputs_digest)
) STRICT;

CREATE TABLE score_dimensions (
    score_id BLOB NOT NULL REFERENCES scores (id),
    dimension TEXT NOT NULL,
    position INTEGER NOT NULL,
    score REAL,
    coverage REAL NOT NULL,
    observed_weight REAL NOT NULL,
    due_weight REAL NOT NULL,
    PRIMARY KEY (score_id, dimension)
) STRICT;

CREATE TABLE photos (
    inspection_id BLOB NOT NULL REFERENCES inspections (id),
    sha256 TEXT NOT NULL,
    position INTEGER NOT NULL,
    declared_bytes INTEGER NOT NULL,
    state TEXT NOT NULL,
    absence_reason TEXT,
    absent_at TEXT,
    absent_by BLOB,
    original_key TEXT,
    display_key TEXT,
    thumbnail_key TEXT,
    media_type TEXT,
    bytes INTEGER,
    width INTEGER,
    height INTEGER,
    damaged INTEGER,
    received_at TEXT,
    received_by BLOB,
    PRIMARY KEY (inspection_id, sha256)
) STRICT;
CREATE INDEX photos_owed ON photos (inspection_id) WHERE state = 'missing';
