-- Areas of a photo that no rendition shows from then on. They hold for the photo's hash in
-- every visit to the centre. A row that another one supersedes no longer counts, and stays.
CREATE TABLE photo_redactions (
    id BLOB NOT NULL PRIMARY KEY,
    facility_id BLOB NOT NULL REFERENCES facilities (id),
    sha256 TEXT NOT NULL,
    inspection_id BLOB NOT NULL REFERENCES inspections (id),
    areas TEXT NOT NULL,
    reason TEXT NOT NULL,
    supersedes BLOB UNIQUE REFERENCES photo_redactions (id),
    at TEXT NOT NULL,
    by_person BLOB NOT NULL
) STRICT;
CREATE INDEX photo_redactions_photo ON photo_redactions (facility_id, sha256);

-- What is left of a photo that an order erased: its hash, why, when and by whom.
CREATE TABLE photo_erasures (
    facility_id BLOB NOT NULL REFERENCES facilities (id),
    sha256 TEXT NOT NULL,
    inspection_id BLOB NOT NULL REFERENCES inspections (id),
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    by_person BLOB NOT NULL,
    PRIMARY KEY (facility_id, sha256)
) STRICT;
CREATE INDEX photos_sha256 ON photos (sha256);

-- Bytes that an order erased and that may still lie in the photo store.
CREATE TABLE doomed_blobs (
    blob_key TEXT NOT NULL PRIMARY KEY,
    sha256 TEXT NOT NULL
) STRICT;
CREATE INDEX doomed_blobs_sha256 ON doomed_blobs (sha256);

-- Texts of a visit that are shown no longer, and those that were erased for good. The hash of
-- the text finds it again in corrections.
CREATE TABLE text_redactions (
    id BLOB NOT NULL PRIMARY KEY,
    inspection_id BLOB NOT NULL REFERENCES inspections (id),
    pointer TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    by_person BLOB NOT NULL,
    erased_at TEXT,
    erased_by BLOB,
    erasure_reason TEXT,
    UNIQUE (inspection_id, pointer)
) STRICT;

-- The content as it is shown, where some of its texts are not.
ALTER TABLE inspections ADD COLUMN redacted_content TEXT;
ALTER TABLE inspections ADD COLUMN redacted TEXT;
