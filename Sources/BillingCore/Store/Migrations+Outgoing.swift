extension Migrations {
  static let outgoing = """
    -- Services of the company's own that hear of what happens. One that was removed stays for what
    -- the log says of it, without its secret.
    CREATE TABLE endpoints (
      id TEXT PRIMARY KEY, url TEXT NOT NULL, events TEXT NOT NULL CHECK (events <> ''),
      scheme TEXT NOT NULL CHECK (scheme IN ('standard', 'stripe')),
      signature_header TEXT NOT NULL CHECK (signature_header <> ''),
      secret TEXT, removed_at INTEGER, actor TEXT NOT NULL, meaning TEXT NOT NULL,
      idempotency_key TEXT UNIQUE, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      CHECK ((secret IS NULL) = (removed_at IS NOT NULL))
    ) STRICT;
    CREATE UNIQUE INDEX endpoints_url ON endpoints (url) WHERE removed_at IS NULL;

    -- What each of them is told, once, in the order in which it came about (`number`): the message
    -- as it is sent, and how the last attempt went. A pending one without a next attempt is due at
    -- once; a failed one is given up until somebody asks.
    CREATE TABLE deliveries (
      number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
      endpoint TEXT NOT NULL REFERENCES endpoints (id), type TEXT NOT NULL, customer TEXT,
      cause TEXT NOT NULL CHECK (cause <> ''), body TEXT NOT NULL, at INTEGER NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
      attempts INTEGER NOT NULL CHECK (attempts >= 0), next_attempt_at INTEGER,
      http_status INTEGER, error TEXT, delivered_at INTEGER,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, UNIQUE (endpoint, cause),
      CHECK (status = 'pending' OR next_attempt_at IS NULL),
      CHECK ((status = 'delivered') = (delivered_at IS NOT NULL))
    ) STRICT;
    CREATE INDEX deliveries_pending ON deliveries (endpoint, number) WHERE status = 'pending';
    CREATE INDEX deliveries_lane ON deliveries (endpoint, customer, number)
      WHERE status = 'pending';
    CREATE INDEX deliveries_status ON deliveries (status, number);
    CREATE INDEX deliveries_customer ON deliveries (customer, number) WHERE customer IS NOT NULL;
    """
}
