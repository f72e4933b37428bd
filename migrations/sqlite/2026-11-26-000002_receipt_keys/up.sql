-- The keys that sign receipts. One is current; those before it stay, because what they signed
-- is checked with them for ever.
CREATE TABLE receipt_keys (
    key_id TEXT NOT NULL PRIMARY KEY,
    algorithm TEXT NOT NULL,
    public_key BLOB NOT NULL,
    secret_key BLOB NOT NULL,
    created_at TEXT NOT NULL,
    retired_at TEXT
) STRICT;
CREATE UNIQUE INDEX receipt_keys_current ON receipt_keys (algorithm) WHERE retired_at IS NULL;

-- What was signed of an inspection (`photo` is empty) and of its photos (their SHA-256). Rows
-- are only added: a receipt is the same for ever, also after another key has taken over.
CREATE TABLE receipts (
    inspection_id BLOB NOT NULL REFERENCES inspections (id),
    photo TEXT NOT NULL,
    received_at TEXT NOT NULL,
    key_id TEXT NOT NULL,
    signature TEXT NOT NULL,
    PRIMARY KEY (inspection_id, photo)
) STRICT, WITHOUT ROWID;
