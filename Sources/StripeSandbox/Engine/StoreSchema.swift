/// The tables of the sandbox's file: named steps, only ever added to. The number of steps is the
/// file's `user_version`.
enum StoreSchema {
  /// "SBOX": tells the file from every other program's.
  static let applicationID: Int32 = 0x5342_4F58

  static let steps: [(name: String, sql: String)] = [
    (
      "objects, events, answers and settings",
      """
      CREATE TABLE objects (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        type TEXT NOT NULL,
        id TEXT NOT NULL,
        created INTEGER NOT NULL,
        deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
        json TEXT NOT NULL,
        UNIQUE (type, id)
      ) STRICT;
      CREATE INDEX objects_by_type ON objects (type, seq);

      -- What the lists filter on: one row for each value that an indexed property holds.
      CREATE TABLE object_index (
        type TEXT NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        seq INTEGER NOT NULL REFERENCES objects (seq),
        PRIMARY KEY (type, key, value, seq)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX object_index_by_object ON object_index (seq);

      CREATE TABLE events (
        sequence INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        type TEXT NOT NULL,
        created INTEGER NOT NULL,
        json TEXT NOT NULL
      ) STRICT;

      CREATE TABLE idempotency_keys (
        account TEXT NOT NULL,
        key TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        endpoint TEXT NOT NULL,
        status INTEGER NOT NULL,
        request_id TEXT NOT NULL,
        body TEXT NOT NULL,
        created INTEGER NOT NULL,
        PRIMARY KEY (account, key)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created);

      CREATE TABLE settings (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      """
    ),
    (
      "clocks and what falls due",
      """
      -- The test clock on which an object lives; null for the sandbox's own clock.
      ALTER TABLE objects ADD COLUMN clock TEXT;
      -- The next moment at which something is to be done with it, and its turn at that moment.
      ALTER TABLE objects ADD COLUMN due INTEGER;
      ALTER TABLE objects ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX objects_by_due ON objects (clock, due, turn, seq) WHERE due IS NOT NULL;
      CREATE INDEX objects_on_clocks ON objects (id, clock) WHERE clock IS NOT NULL;
      """
    ),
    (
      "usage",
      """
      -- Usage as it was reported. What has no meter or no customer counts for nothing, but its
      -- identifier is taken.
      CREATE TABLE meter_events (
        sequence INTEGER PRIMARY KEY,
        identifier TEXT NOT NULL,
        meter TEXT,
        customer TEXT,
        timestamp INTEGER NOT NULL,
        value TEXT NOT NULL,
        received INTEGER NOT NULL,
        cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled IN (0, 1))
      ) STRICT;
      CREATE INDEX meter_events_by_identifier ON meter_events (identifier, received);
      CREATE INDEX meter_events_by_time ON meter_events (meter, customer, timestamp, sequence)
        WHERE cancelled = 0 AND customer IS NOT NULL;

      -- Usage that was reported to an item of a subscription, before there were meters.
      CREATE TABLE usage_records (
        item TEXT NOT NULL,
        timestamp INTEGER NOT NULL,
        quantity INTEGER NOT NULL,
        PRIMARY KEY (item, timestamp)
      ) STRICT, WITHOUT ROWID;

      -- Events that say only to which object something happened, apart from the others.
      CREATE TABLE thin_events (
        sequence INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        type TEXT NOT NULL,
        object_id TEXT,
        json TEXT NOT NULL
      ) STRICT;
      """
    ),
    (
      "webhook deliveries and faults",
      """
      -- The test clock of an event; null for the sandbox's own clock.
      ALTER TABLE events ADD COLUMN clock TEXT;

      CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        event TEXT NOT NULL,
        type TEXT NOT NULL,
        endpoint TEXT NOT NULL,
        -- In the layout of the endpoint's version.
        body TEXT NOT NULL,
        origin TEXT NOT NULL CHECK (origin IN ('automatic', 'resent', 'doubled')),
        state TEXT NOT NULL DEFAULT 'waiting'
          CHECK (state IN ('waiting', 'delivered', 'failed')),
        attempts INTEGER NOT NULL DEFAULT 0,
        -- By the sandbox's clock; 0 for at once.
        due INTEGER NOT NULL DEFAULT 0,
        -- By the machine's clock: until then somebody sends it, or it is held back.
        taken_until INTEGER NOT NULL DEFAULT 0,
        -- 1 while it waits for the one behind it, 2 when it has waited.
        held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1, 2))
      ) STRICT;
      CREATE INDEX deliveries_waiting ON deliveries (due, id) WHERE state = 'waiting';
      CREATE INDEX deliveries_by_event ON deliveries (event);
      CREATE INDEX deliveries_held ON deliveries (endpoint) WHERE held = 1;

      CREATE TABLE faults (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        path TEXT,
        count INTEGER NOT NULL,
        struck INTEGER NOT NULL DEFAULT 0,
        -- In millionths.
        probability INTEGER NOT NULL,
        delay_seconds INTEGER,
        created INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX faults_at_work ON faults (sequence) WHERE struck < count;
      """
    ),
  ]
}
