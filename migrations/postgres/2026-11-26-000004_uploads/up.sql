-- A photo that comes in parts, over a link that dies. Its parts lie in the photo store; how far
-- it is, is said here, so that any process can go on. When all is received, the photo is there.
CREATE TABLE uploads (
    id uuid NOT NULL PRIMARY KEY,
    inspection_id uuid NOT NULL,
    sha256 text COLLATE "C" NOT NULL,
    person_id uuid NOT NULL REFERENCES people (id),
    bytes bigint NOT NULL CHECK (bytes > 0),
    received bigint NOT NULL CHECK (received BETWEEN 0 AND bytes),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    FOREIGN KEY (inspection_id, sha256) REFERENCES photos (inspection_id, sha256)
);
CREATE INDEX uploads_photo ON uploads (inspection_id, sha256, created_at);
CREATE INDEX uploads_person ON uploads (person_id, expires_at);
CREATE INDEX uploads_expiry ON uploads (expires_at);

CREATE TABLE upload_parts (
    upload_id uuid NOT NULL REFERENCES uploads (id),
    -- Of its first byte.
    position bigint NOT NULL,
    key text COLLATE "C" NOT NULL,
    PRIMARY KEY (upload_id, position)
);

-- One row: the days of the photo store up to and with this one were searched for files that
-- no row names. The owner is written into the store too: a store of another database is
-- never searched.
CREATE TABLE photo_sweep (
    id integer NOT NULL PRIMARY KEY CHECK (id = 1),
    owner uuid NOT NULL,
    swept_until date NOT NULL
);
