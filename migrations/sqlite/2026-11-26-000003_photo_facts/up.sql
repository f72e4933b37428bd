-- What the bytes of a stored photo say: one row for each original, which a family of
-- corrections shares. `band_0` to `band_3` are the four times 16 bits of `fingerprint`, by
-- which near copies are looked up; the fingerprint stands in these indexes so that a look-up
-- reads them alone.
CREATE TABLE photo_facts (
    original_key TEXT NOT NULL PRIMARY KEY,
    inspection_id BLOB NOT NULL REFERENCES inspections (id),
    facility_id BLOB NOT NULL REFERENCES facilities (id),
    territory TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    exif INTEGER NOT NULL,
    -- the camera's clock, as it shows: no instant without its offset
    taken_local TEXT,
    taken_offset_seconds INTEGER,
    latitude REAL,
    longitude REAL,
    accuracy REAL,
    make TEXT,
    model TEXT,
    software TEXT,
    fingerprint INTEGER,
    band_0 INTEGER,
    band_1 INTEGER,
    band_2 INTEGER,
    band_3 INTEGER,
    sharpness REAL NOT NULL,
    brightness REAL NOT NULL
) STRICT;
CREATE INDEX photo_facts_sha256 ON photo_facts (sha256);
CREATE INDEX photo_facts_fingerprint ON photo_facts (fingerprint);
CREATE INDEX photo_facts_band_0 ON photo_facts (band_0, territory, fingerprint);
CREATE INDEX photo_facts_band_1 ON photo_facts (band_1, territory, fingerprint);
CREATE INDEX photo_facts_band_2 ON photo_facts (band_2, territory, fingerprint);
CREATE INDEX photo_facts_band_3 ON photo_facts (band_3, territory, fingerprint);
