-- The picture of each active centre as it was last drawn, so that a process that starts need
-- not draw a country from all its visits. Derived: without its rows all of it is drawn anew.
CREATE TABLE facility_standings (
    facility_id uuid NOT NULL PRIMARY KEY REFERENCES facilities (id),
    picture text NOT NULL
);

-- One row: which changes the pictures hold (those noted before `at`, late ones aside), how
-- they were drawn, and a number that every write of pictures raises.
CREATE TABLE standing_mark (
    id integer NOT NULL PRIMARY KEY CHECK (id = 1),
    generation bigint NOT NULL,
    at timestamptz NOT NULL,
    drawn_by text COLLATE "C" NOT NULL
);

-- What the photo store holds is added up from the index alone.
CREATE INDEX photos_held_bytes ON photos (bytes) WHERE state = 'stored';
