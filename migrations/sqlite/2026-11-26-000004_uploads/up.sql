-- A photo that comes in parts, over a link that dies. Its parts lie in the photo store; how far
-- it is, is said here, so that any process can go on. When all is received, the photo is there.
CREATE TABLE uploads (
    id BLOB NOT NULL PRIMARY KEY,
    inspection_id BLOB NOT NULL,
    sha256 TEXT NOT NULL,
    person_id BLOB NOT NULL REFERENCES people (id),
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    received INTEGER NOT NULL CHECK (received BETWEEN 0 AND bytes),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    FOREIGN KEY (inspection_id, sha256) REFERENCES photos (inspection_id, sha256)
) STRICT;
CREATE INDEX uploads_photo ON uploads (inspection_id, sha256, created_at);
CREATE INDEX uploads_person ON uploads (person_id, expires_at);
CREATE INDEX uploads_expiry ON uploads (expires_at);

CREATE TABLE upload_parts (
    upload_id BLOB NOT NULL REFERENCES uploads (id),
    -- Of its first byte.
    position INTEGER NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (upload_id, position)
) STRICT;

-- One row: the days of the photo store up to and with this one were searched for files that
-- no row names. The owner is written into the store too: a store of another database is
-- never searched.
CREATE TABLE photo_sweep (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    owner BLOB NOT NULL,
    swept_until TEXT NOT NULL
) STRICT;
