extension Migrations {
  static let apiKeys = """
    -- Keys that were issued to customers. Of a key there is its hash and the beginning that is
    -- shown, never the key.
    CREATE TABLE api_keys (
      id TEXT PRIMARY KEY, customer TEXT NOT NULL, name TEXT CHECK (name <> ''),
      prefix TEXT NOT NULL, hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
      family TEXT NOT NULL, rotated_from TEXT UNIQUE REFERENCES api_keys (id),
      created INTEGER NOT NULL, expires_at INTEGER, revoked_at INTEGER, last_used_at INTEGER,
      actor TEXT NOT NULL, revoked_by TEXT, meaning TEXT NOT NULL,
      idempotency_key TEXT UNIQUE, revocation_key TEXT UNIQUE,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
      CHECK ((rotated_from IS NULL) = (family = id))
    ) STRICT;
    CREATE INDEX api_keys_customer ON api_keys (customer, created DESC);

    CREATE TRIGGER api_keys_stay BEFORE UPDATE ON api_keys
      WHEN NEW.id <> OLD.id OR NEW.customer <> OLD.customer OR NEW.hash <> OLD.hash
        OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NOT OLD.revoked_at)
      BEGIN SELECT RAISE(ABORT, 'a key stays what it is, and a revoked one stays revoked'); END;
    CREATE TRIGGER api_keys_are_kept BEFORE DELETE ON api_keys
      BEGIN SELECT RAISE(ABORT, 'keys are revoked, never deleted'); END;

    -- How many requests were let through: of a family of keys in each second of the last minute
    -- (older ones go), of a customer in each month.
    CREATE TABLE api_key_windows (
      owner TEXT NOT NULL, length TEXT NOT NULL CHECK (length IN ('second', 'month')),
      start INTEGER NOT NULL, count INTEGER NOT NULL CHECK (count BETWEEN 1 AND 1000000000000000),
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      PRIMARY KEY (owner, length, start)
    ) STRICT, WITHOUT ROWID;
    """
}
