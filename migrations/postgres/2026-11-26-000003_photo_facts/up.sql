-- What the bytes of a stored photo say: one row for each original, which a family of
-- corrections shares. `band_0` to `band_3` are the four times 16 bits of `fingerprint`, by
-- which near copies are looked up; the fingerprint stands in these indexes so that a look-up
-- reads them alone.
CREATE TABLE photo_facts (
    original_key text COLLATE "C" NOT NULL PRIMARY KEY,
    inspection_id uuid NOT NULL REFERENCES inspections (id),
    facility_id uuid NOT NULL REFERENCES facilities (id),
    territory text COLLATE "C" NOT NULL,
    sha256 text COLLATE "C" NOT NULL,
    exif boolean NOT NULL,
    -- the camera's clock, as it shows: no instant without its offset
    taken_local text COLLATE "C",
    taken_offset_seconds integer,
    latitude double precision,
    longitude double precision,
    accuracy double precision,
    make text,
    model text,
    software text,
    fingerprint bigint,
    band_0 integer,
    band_1 integer,
    band_2 integer,
    band_3 integer,
    sharpness double precision NOT NULL,
    brightness double precision NOT NULL
);
CREATE INDEX photo_facts_sha256 ON photo_facts (sha256);
CREATE INDEX photo_facts_fingerprint ON photo_facts (fingerprint);
CREATE INDEX photo_facts_band_0 ON photo_facts (band_0, territory, fingerprint);
CREATE INDEX photo_facts_band_1 ON photo_facts (band_1, territory, fingerprint);
CREATE INDEX photo_facts_band_2 ON photo_facts (band_2, territory, fingerprint);
CREATE INDEX photo_facts_band_3 ON photo_facts (band_3, territory, fingerprint);
