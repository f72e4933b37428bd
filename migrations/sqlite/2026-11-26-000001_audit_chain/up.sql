-- The audit trail as a chain: each row carries the hash of the one before. Whoever writes an
-- event does not wait for it: a trigger notes the event as pending in the same transaction,
-- and one process at a time moves what is pending to the end of the chain.
CREATE TABLE audit_pending (
    event_id BLOB NOT NULL PRIMARY KEY
) STRICT;
CREATE TRIGGER audit_events_wait AFTER INSERT ON audit_events BEGIN
    INSERT INTO audit_pending (event_id) VALUES (NEW.id);
END;
-- What was written before there was a chain waits like the rest.
INSERT INTO audit_pending (event_id) SELECT id FROM audit_events;

CREATE TABLE audit_chain (
    position INTEGER NOT NULL PRIMARY KEY CHECK (position > 0),
    event_id BLOB NOT NULL UNIQUE,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_chain_never_changes BEFORE UPDATE ON audit_chain BEGIN
    SELECT RAISE(ABORT, 'audit_chain only grows: its rows are never changed');
END;
CREATE TRIGGER audit_chain_never_goes BEFORE DELETE ON audit_chain BEGIN
    SELECT RAISE(ABORT, 'audit_chain only grows: its rows are never deleted');
END;
-- INSERT OR REPLACE takes rows away without a word to the triggers above.
CREATE TRIGGER audit_chain_never_replaced BEFORE INSERT ON audit_chain
    WHEN EXISTS (SELECT 1 FROM audit_chain WHERE position = NEW.position OR event_id = NEW.event_id)
BEGIN
    SELECT RAISE(ABORT, 'audit_chain only grows: its rows are never replaced');
END;
CREATE TRIGGER audit_events_never_replaced BEFORE INSERT ON audit_events
    WHEN EXISTS (SELECT 1 FROM audit_events WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'audit_events only grows: its rows are never replaced');
END;

CREATE INDEX audit_events_action ON audit_events (action, at, id);
CREATE INDEX audit_events_actor ON audit_events (actor_id, at, id);
CREATE INDEX audit_events_subject ON audit_events (subject, at, id);

-- Work that never ends, and who does it now. A lease that ran out may be taken by another.
CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    holder BLOB NOT NULL,
    until TEXT NOT NULL
) STRICT;
