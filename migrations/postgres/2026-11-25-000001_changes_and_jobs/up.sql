-- A row for each write that changes what can be said of a centre: processes that remember
-- pictures of centres read what came since they last looked. Rows only come, so writers do
-- not wait for each other; old ones are swept.
CREATE TABLE facility_changes (
    id uuid NOT NULL PRIMARY KEY,
    at timestamptz NOT NULL,
    facility_id uuid NOT NULL REFERENCES facilities (id),
    territory text COLLATE "C" NOT NULL
);
CREATE INDEX facility_changes_at ON facility_changes (at);

-- Work without a request: what was asked, how far it is, and what came out. Whoever holds
-- the lease works on it; a lease that ran out may be taken by another process.
CREATE TABLE jobs (
    id uuid NOT NULL PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    requested_by uuid,
    request text NOT NULL,
    state text NOT NULL,
    done bigint NOT NULL,
    total bigint NOT NULL,
    result text,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    lease_holder uuid,
    lease_until timestamptz
);
CREATE INDEX jobs_open ON jobs (kind, created_at) WHERE finished_at IS NULL;
