-- The picture of each active centre as it was last drawn, so that a process that starts need
-- not draw a country from all its visits. Derived: without its rows all of it is drawn anew.
CREATE TABLE facility_standings (
    facility_id BLOB NOT NULL PRIMARY KEY REFERENCES facilities (id),
    picture TEXT NOT NULL
) STRICT;

-- One row: which changes the pictures hold (those noted before `at`, late ones aside), how
-- they were drawn, and a number that every write of pictures raises.
CREATE TABLE standing_mark (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    generation INTEGER NOT NULL,
    at TEXT NOT NULL,
    drawn_by TEXT NOT NULL
) STRICT;

-- What the photo store holds is added up from the index alone.
CREATE INDEX photos_held_bytes ON photos (bytes) WHERE state = 'stored';
