-- The audit trail as a chain: each row carries the hash of the one before. Whoever writes an
-- event does not wait for it: a trigger notes the event as pending in the same transaction,
-- and one process at a time moves what is pending to the end of the chain.
CREATE TABLE audit_pending (
    event_id uuid NOT NULL PRIMARY KEY
);
CREATE FUNCTION audit_events_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_pending (event_id) VALUES (NEW.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER audit_events_wait AFTER INSERT ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_events_wait();
-- What was written before there was a chain waits like the rest.
INSERT INTO audit_pending (event_id) SELECT id FROM audit_events;

CREATE TABLE audit_chain (
    position bigint NOT NULL PRIMARY KEY CHECK (position > 0),
    event_id uuid NOT NULL UNIQUE,
    previous text COLLATE "C" NOT NULL,
    hash text COLLATE "C" NOT NULL
);
CREATE FUNCTION audit_chain_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_chain only grows: its rows are never changed or deleted';
END
$$;
CREATE TRIGGER audit_chain_never_changes BEFORE UPDATE OR DELETE ON audit_chain
    FOR EACH ROW EXECUTE FUNCTION audit_chain_only_grows();
CREATE TRIGGER audit_chain_never_goes BEFORE TRUNCATE ON audit_chain
    FOR EACH STATEMENT EXECUTE FUNCTION audit_chain_only_grows();

CREATE INDEX audit_events_action ON audit_events (action, at, id);
CREATE INDEX audit_events_actor ON audit_events (actor_id, at, id);
CREATE INDEX audit_events_subject ON audit_events (subject, at, id);

-- Work that never ends, and who does it now. A lease that ran out may be taken by another.
CREATE TABLE leases (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    holder uuid NOT NULL,
    until timestamptz NOT NULL
);
