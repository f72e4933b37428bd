-- A row for each write that changes what can be said of a centre: processes that remember
-- pictures of centres read what came since they last looked. Rows only come, so writers do
-- not wait for each other; old ones are swept.
CREATE TABLE facility_changes (
    id BLOB NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    facility_id BLOB NOT NULL REFERENCES facilities (id),
    territory TEXT NOT NULL
) STRICT;
CREATE INDEX facility_changes_at ON facility_changes (at);

-- Work without a request: what was asked, how far it is, and what came out. Whoever holds
-- the lease works on it; a lease that ran out may be taken by another process.
CREATE TABLE jobs (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    requested_by BLOB,
    request TEXT NOT NULL,
    state TEXT NOT NULL,
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    result TEXT,
    created_at TEXT NOT NULL,
    finished_at TEXT,
    lease_holder BLOB,
    lease_until TEXT
) STRICT;
CREATE INDEX jobs_open ON jobs (kind, created_at) WHERE finished_at IS NULL;
