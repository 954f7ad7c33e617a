extension Migrations {
  static let messages = """
    -- What is told at most once an hour, whatever brings it about, and when a thing happened.
    ALTER TABLE notifications ADD COLUMN topic TEXT CHECK (topic <> '');
    ALTER TABLE notifications ADD COLUMN happened_at INTEGER;
    CREATE INDEX notifications_topic ON notifications (topic, created_at) WHERE topic IS NOT NULL;
    -- Nothing was sent before this step; from here on messages are, and this tells since when a
    -- notification has its own.
    ALTER TABLE notifications RENAME COLUMN sent_at TO addressed_at;

    -- A notification on its way to one recipient: an attempt is written down before it is made.
    -- `next_attempt_at` is there while something is to be done: of one that is being sent it tells
    -- when nobody can be at it any more.
    CREATE TABLE messages (
      id INTEGER PRIMARY KEY,
      notification INTEGER NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
      recipient TEXT NOT NULL CHECK (recipient IN ('customer', 'operators')),
      channel TEXT NOT NULL CHECK (channel IN ('email', 'slack')), address TEXT,
      status TEXT NOT NULL CHECK (
        status IN ('waiting', 'sending', 'sent', 'failed', 'dead', 'expired', 'skipped')),
      attempts INTEGER NOT NULL, next_attempt_at INTEGER, error TEXT, sent_at INTEGER,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      CHECK ((next_attempt_at IS NOT NULL) = (status IN ('waiting', 'sending', 'failed'))),
      CHECK ((sent_at IS NOT NULL) = (status = 'sent'))
    ) STRICT;
    CREATE UNIQUE INDEX messages_notification
      ON messages (notification, channel, coalesce(address, ''));
    CREATE INDEX messages_due ON messages (channel, next_attempt_at)
      WHERE next_attempt_at IS NOT NULL;
    CREATE INDEX messages_status ON messages (status, id);

    -- Cards by when they end.
    CREATE INDEX payment_methods_end ON payment_methods (exp_year, exp_month)
      WHERE customer IS NOT NULL AND exp_year IS NOT NULL;
    """
}
