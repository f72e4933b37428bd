-- Documents are JSON as text: they are sealed, and read far more often than searched.
-- Text that is compared or ordered has the collation "C", so that order and paging are
-- the same here as on SQLite, whatever the locale of the server.

CREATE TABLE people (
    id uuid NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    role text COLLATE "C" NOT NULL,
    territories text NOT NULL,
    password_hash text NOT NULL,
    disabled boolean NOT NULL,
    created_at timestamptz NOT NULL,
    revision bigint NOT NULL
);

CREATE TABLE sessions (
    token_hash text COLLATE "C" NOT NULL PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    kind text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz
);
CREATE INDEX sessions_person ON sessions (person_id);

CREATE TABLE sign_in_failures (
    subject text COLLATE "C" NOT NULL PRIMARY KEY,
    failures integer NOT NULL,
    last_at timestamptz NOT NULL
);

CREATE TABLE audit_events (
    id uuid NOT NULL PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id uuid,
    action text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    detail text NOT NULL
);
CREATE INDEX audit_events_at ON audit_events (at, id);
CREATE FUNCTION audit_events_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_events only grows: its rows are never changed or deleted';
END
$$;
CREATE TRIGGER audit_events_never_change BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_events_only_grow();
CREATE TRIGGER audit_events_never_go BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION audit_events_only_grow();

CREATE TABLE facilities (
    id uuid NOT NULL PRIMARY KEY,
    code text COLLATE "C" NOT NULL UNIQUE,
    name text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    territory text COLLATE "C" NOT NULL,
    municipality text COLLATE "C" NOT NULL,
    istat_code text COLLATE "C",
    latitude double precision,
    longitude double precision,
    authorised_places integer,
    managing_body text,
    facts text NOT NULL,
    active boolean NOT NULL,
    -- code, name and municipality in lower case
    search text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX facilities_territory ON facilities (territory, code);

CREATE TABLE contracts (
    id uuid NOT NULL PRIMARY KEY,
    facility_id uuid NOT NULL REFERENCES facilities (id),
    starts_on date NOT NULL,
    ends_on date,
    cig text COLLATE "C",
    parameters text NOT NULL,
    UNIQUE (facility_id, starts_on)
);

CREATE TABLE published (
    kind text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL,
    digest text COLLATE "C" NOT NULL,
    document text NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (kind, code, version)
);

CREATE TABLE inspections (
    id uuid NOT NULL PRIMARY KEY,
    facility_id uuid NOT NULL REFERENCES facilities (id),
    territory text COLLATE "C" NOT NULL,
    checklist_code text COLLATE "C" NOT NULL,
    checklist_version text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    day date NOT NULL,
    digest text COLLATE "C" NOT NULL,
    received_at timestamptz NOT NULL,
    received_by uuid NOT NULL,
    corrects uuid,
    root uuid NOT NULL,
    superseded_by uuid,
    photos_missing integer NOT NULL CHECK (photos_missing >= 0),
    facts text NOT NULL,
    scored bytea NOT NULL,
    content text NOT NULL
);
CREATE INDEX inspections_facility ON inspections (facility_id, ended_at, id);
CREATE INDEX inspections_counting ON inspections (facility_id, checklist_code, ended_at, received_at, id)
    WHERE superseded_by IS NULL;
CREATE INDEX inspections_ended_at ON inspections (ended_at, id);
CREATE INDEX inspections_territory ON inspections (territory, ended_at, id);
CREATE INDEX inspections_root ON inspections (root);
CREATE INDEX inspections_received_by ON inspections (received_by, ended_at, id);

CREATE TABLE scores (
    id uuid NOT NULL PRIMARY KEY,
    inspection_id uuid NOT NULL REFERENCES inspections (id),
    model_code text COLLATE "C" NOT NULL,
    model_version text COLLATE "C" NOT NULL,
    model_digest text COLLATE "C" NOT NULL,
    checklist_code text COLLATE "C" NOT NULL,
    checklist_version text COLLATE "C" NOT NULL,
    inputs_digest text COLLATE "C" NOT NULL,
    overall double precision,
    coverage double precision,
    band text COLLATE "C" NOT NULL,
    band_by_points text COLLATE "C" NOT NULL,
    computed_at timestamptz NOT NULL,
    document text NOT NULL,
    UNIQUE (inspection_id, model_code, model_version, inputs_digest)
);

CREATE TABLE score_dimensions (
    score_id uuid NOT NULL REFERENCES scores (id),
    dimension text COLLATE "C" NOT NULL,
    position integer NOT NULL,
    score double precision,
    coverage double precision NOT NULL,
    observed_weight double precision NOT NULL,
    due_weight double precision NOT NULL,
    PRIMARY KEY (score_id, dimension)
);

CREATE TABLE photos (
    inspection_id uuid NOT NULL REFERENCES inspections (id),
    sha256 text COLLATE "C" NOT NULL,
    position integer NOT NULL,
    declared_bytes bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    absence_reason text,
    absent_at timestamptz,
    absent_by uuid,
    original_key text COLLATE "C",
    display_key text COLLATE "C",
    thumbnail_key text COLLATE "C",
    media_type text COLLATE "C",
    bytes bigint,
    width integer,
    height integer,
    damaged boolean,
    received_at timestamptz,
    received_by uuid,
    PRIMARY KEY (inspection_id, sha256)
);
CREATE INDEX photos_owed ON photos (inspection_id) WHERE state = 'missing';
