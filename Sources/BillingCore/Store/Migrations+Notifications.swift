extension Migrations {
  static let notifications = """
    -- The outbox: who is to hear of what. A cause is written down once, however often it is noticed.
    CREATE TABLE notifications (
      id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind <> ''), customer TEXT,
      cause TEXT NOT NULL UNIQUE CHECK (cause <> ''), payload TEXT NOT NULL, sent_at INTEGER,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX notifications_waiting ON notifications (id) WHERE sent_at IS NULL;
    CREATE INDEX notifications_customer ON notifications (customer, id) WHERE customer IS NOT NULL;
    """
}
