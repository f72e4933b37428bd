-- The keys that sign receipts. One is current; those before it stay, because what they signed
-- is checked with them for ever.
CREATE TABLE receipt_keys (
    key_id text COLLATE "C" NOT NULL PRIMARY KEY,
    algorithm text COLLATE "C" NOT NULL,
    public_key bytea NOT NULL,
    secret_key bytea NOT NULL,
    created_at timestamptz NOT NULL,
    retired_at timestamptz
);
CREATE UNIQUE INDEX receipt_keys_current ON receipt_keys (algorithm) WHERE retired_at IS NULL;

-- What was signed of an inspection (`photo` is empty) and of its photos (their SHA-256). Rows
-- are only added: a receipt is the same for ever, also after another key has taken over.
CREATE TABLE receipts (
    inspection_id uuid NOT NULL REFERENCES inspections (id),
    photo text COLLATE "C" NOT NULL,
    received_at timestamptz NOT NULL,
    key_id text COLLATE "C" NOT NULL,
    signature text COLLATE "C" NOT NULL,
    PRIMARY KEY (inspection_id, photo)
);
