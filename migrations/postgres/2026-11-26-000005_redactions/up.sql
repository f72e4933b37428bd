-- Areas of a photo that no rendition shows from then on. They hold for the photo's hash in
-- every visit to the centre. A row that another one supersedes no longer counts, and stays.
CREATE TABLE photo_redactions (
    id uuid NOT NULL PRIMARY KEY,
    facility_id uuid NOT NULL REFERENCES facilities (id),
    sha256 text COLLATE "C" NOT NULL,
    inspection_id uuid NOT NULL REFERENCES inspections (id),
    areas text NOT NULL,
    reason text NOT NULL,
    supersedes uuid UNIQUE REFERENCES photo_redactions (id),
    at timestamptz NOT NULL,
    by_person uuid NOT NULL
);
CREATE INDEX photo_redactions_photo ON photo_redactions (facility_id, sha256);

-- What is left of a photo that an order erased: its hash, why, when and by whom.
CREATE TABLE photo_erasures (
    facility_id uuid NOT NULL REFERENCES facilities (id),
    sha256 text COLLATE "C" NOT NULL,
    inspection_id uuid NOT NULL REFERENCES inspections (id),
    reason text NOT NULL,
    at timestamptz NOT NULL,
    by_person uuid NOT NULL,
    PRIMARY KEY (facility_id, sha256)
);
CREATE INDEX photos_sha256 ON photos (sha256);

-- Bytes that an order erased and that may still lie in the photo store.
CREATE TABLE doomed_blobs (
    blob_key text COLLATE "C" NOT NULL PRIMARY KEY,
    sha256 text COLLATE "C" NOT NULL
);
CREATE INDEX doomed_blobs_sha256 ON doomed_blobs (sha256);

-- Texts of a visit that are shown no longer, and those that were erased for good. The hash of
-- the text finds it again in corrections.
CREATE TABLE text_redactions (
    id uuid NOT NULL PRIMARY KEY,
    inspection_id uuid NOT NULL REFERENCES inspections (id),
    pointer text COLLATE "C" NOT NULL,
    text_sha256 text COLLATE "C" NOT NULL,
    reason text NOT NULL,
    at timestamptz NOT NULL,
    by_person uuid NOT NULL,
    erased_at timestamptz,
    erased_by uuid,
    erasure_reason text,
    UNIQUE (inspection_id, pointer)
);

-- The content as it is shown, where some of its texts are not.
ALTER TABLE inspections ADD COLUMN redacted_content text;
ALTER TABLE inspections ADD COLUMN redacted text;
