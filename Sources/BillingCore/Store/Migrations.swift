import GRDB

/// The history of the schema: named steps, only ever added, never changed once released.
enum Migrations {
  static let all: [(name: String, sql: String)] = [
    ("1 the mirror and the journal", mirrorAndJournal),
    ("2 access", access),
    ("3 freezes", freezes),
    ("4 refunds", refunds),
    ("5 webhooks", webhooks),
    ("6 usage", usage),
    ("7 tokens", tokens),
    ("8 api keys", apiKeys),
    ("9 revenue", revenue),
    ("10 usage reports", usageReports),
    ("11 notifications", notifications),
    ("12 outgoing webhooks", outgoing),
    ("13 kept answers", keptAnswers),
    ("14 messages", messages),
    ("15 fast writes", fastWrites),
  ]

  static var version: Int { all.count }

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    for (index, migration) in all.enumerated() {
      migrator.registerMigration(migration.name) { database in
        try database.execute(sql: migration.sql)
        try database.execute(sql: "PRAGMA user_version = \(index + 1)")
      }
    }
    return migrator
  }

  private static let freezes = """
    -- What was not sold, from when to when: who said so, and why.
    CREATE TABLE freezes (
      id INTEGER PRIMARY KEY, scope TEXT NOT NULL CHECK (scope IN ('subscriptions', 'tokens')),
      at INTEGER NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL CHECK (reason <> ''),
      lifted_at INTEGER, lifted_by TEXT, lifted_because TEXT,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
    ) STRICT;
    CREATE UNIQUE INDEX freezes_standing ON freezes (scope) WHERE lifted_at IS NULL;
    """

  private static let mirrorAndJournal = """
    CREATE TABLE settings (
      name TEXT PRIMARY KEY, value TEXT NOT NULL,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE sync_cursors (
      name TEXT PRIMARY KEY, value TEXT NOT NULL,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- What Stripe said last of an object, whole, and how old that is by Stripe's clock.
    CREATE TABLE objects (
      id TEXT PRIMARY KEY, type TEXT NOT NULL, json TEXT NOT NULL,
      as_of INTEGER NOT NULL, origin TEXT NOT NULL CHECK (origin IN ('response', 'event', 'page')),
      cause TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX objects_type ON objects (type, id);

    CREATE TABLE customers (
      id TEXT PRIMARY KEY, email TEXT, name TEXT, description TEXT, external_id TEXT,
      balance INTEGER NOT NULL, currency TEXT,
      delinquent INTEGER NOT NULL CHECK (delinquent IN (0, 1)),
      metadata TEXT NOT NULL, default_payment_method TEXT, test_clock TEXT,
      created INTEGER NOT NULL, deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX customers_email ON customers (email COLLATE NOCASE) WHERE email IS NOT NULL;
    CREATE INDEX customers_external_id ON customers (external_id) WHERE external_id IS NOT NULL;
    CREATE INDEX customers_created ON customers (created DESC, id DESC);

    -- `plan` is the plan of the licensed item's product when the object came in.
    CREATE TABLE subscriptions (
      id TEXT PRIMARY KEY, customer TEXT NOT NULL, status TEXT NOT NULL,
      plan TEXT, product TEXT, price TEXT, quantity INTEGER, currency TEXT NOT NULL,
      interval TEXT, interval_count INTEGER, unit_amount INTEGER,
      current_period_start INTEGER, current_period_end INTEGER, trial_end INTEGER,
      cancel_at_period_end INTEGER NOT NULL CHECK (cancel_at_period_end IN (0, 1)),
      cancel_at INTEGER, canceled_at INTEGER, ended_at INTEGER,
      pause_behavior TEXT, pause_resumes_at INTEGER, latest_invoice TEXT,
      created INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX subscriptions_customer ON subscriptions (customer, created DESC);
    CREATE INDEX subscriptions_created ON subscriptions (created DESC, id DESC);
    CREATE INDEX subscriptions_status ON subscriptions (status, created DESC);

    CREATE TABLE subscription_items (
      id TEXT PRIMARY KEY,
      subscription TEXT NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
      price TEXT NOT NULL, product TEXT, meter TEXT, usage_type TEXT, quantity INTEGER,
      interval TEXT, interval_count INTEGER, unit_amount INTEGER,
      current_period_start INTEGER, current_period_end INTEGER,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX subscription_items_subscription ON subscription_items (subscription);

    -- Append-only: what changed of a subscription, when by Stripe's clock, and because of what.
    CREATE TABLE subscription_changes (
      id INTEGER PRIMARY KEY, subscription TEXT NOT NULL, customer TEXT NOT NULL,
      at INTEGER NOT NULL, kind TEXT NOT NULL, from_value TEXT, to_value TEXT, cause TEXT,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX subscription_changes_customer ON subscription_changes (customer, at, id);
    CREATE INDEX subscription_changes_subscription ON subscription_changes (subscription, at, id);

    CREATE TABLE invoices (
      id TEXT PRIMARY KEY, customer TEXT, subscription TEXT, number TEXT, status TEXT NOT NULL,
      currency TEXT NOT NULL, subtotal INTEGER NOT NULL, total INTEGER NOT NULL,
      amount_due INTEGER NOT NULL, amount_paid INTEGER NOT NULL,
      amount_remaining INTEGER NOT NULL, attempt_count INTEGER NOT NULL,
      next_payment_attempt INTEGER, period_start INTEGER, period_end INTEGER,
      created INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX invoices_customer ON invoices (customer, created DESC, id DESC);
    CREATE INDEX invoices_subscription ON invoices (subscription, created DESC);
    CREATE INDEX invoices_created ON invoices (created DESC, id DESC);

    CREATE TABLE payment_methods (
      id TEXT PRIMARY KEY, customer TEXT, type TEXT NOT NULL, brand TEXT, last4 TEXT,
      exp_month INTEGER, exp_year INTEGER, created INTEGER NOT NULL,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX payment_methods_customer ON payment_methods (customer) WHERE customer IS NOT NULL;

    CREATE TABLE products (
      id TEXT PRIMARY KEY, name TEXT NOT NULL,
      active INTEGER NOT NULL CHECK (active IN (0, 1)),
      deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE prices (
      id TEXT PRIMARY KEY, product TEXT, lookup_key TEXT, currency TEXT NOT NULL,
      unit_amount INTEGER, interval TEXT, interval_count INTEGER, usage_type TEXT, meter TEXT,
      active INTEGER NOT NULL CHECK (active IN (0, 1)),
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX prices_lookup_key ON prices (lookup_key) WHERE lookup_key IS NOT NULL;
    CREATE INDEX prices_product ON prices (product);

    -- A change at Stripe, written down before it is sent.
    CREATE TABLE operations (
      id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, command TEXT NOT NULL,
      meaning TEXT NOT NULL, customer TEXT, actor TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('prepared', 'sent', 'done', 'failed', 'unknown')),
      steps TEXT NOT NULL, results TEXT NOT NULL, next_step INTEGER NOT NULL,
      burnt INTEGER NOT NULL CHECK (burnt IN (0, 1)), object_id TEXT, error TEXT,
      created INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX operations_unsettled ON operations (created, id)
      WHERE state IN ('prepared', 'sent', 'unknown');
    CREATE INDEX operations_meaning ON operations (meaning)
      WHERE state IN ('prepared', 'sent', 'unknown');
    CREATE INDEX operations_customer ON operations (customer, created) WHERE customer IS NOT NULL;

    -- The inbox: an event's id once, with the bytes in which it first came.
    CREATE TABLE events (
      id TEXT PRIMARY KEY, type TEXT NOT NULL, created INTEGER NOT NULL, api_version TEXT,
      livemode INTEGER NOT NULL CHECK (livemode IN (0, 1)), account TEXT, object_id TEXT,
      customer TEXT,
      status TEXT NOT NULL CHECK (status IN ('pending', 'processed', 'ignored', 'failed')),
      attempts INTEGER NOT NULL, error TEXT, body BLOB NOT NULL,
      received_at INTEGER NOT NULL, processed_at INTEGER,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX events_status ON events (status, created);
    CREATE INDEX events_created ON events (created DESC, id DESC);
    CREATE INDEX events_object ON events (object_id);
    CREATE INDEX events_customer ON events (customer, created) WHERE customer IS NOT NULL;
    """

  private static let access = """
    -- In which stretches of time a subscription gave the rights of which plan; the newest row of a
    -- subscription counts. Whether a stretch has lapsed is decided on reading: nothing runs when
    -- `valid_until` or the days of grace after `past_due_since` are over.
    CREATE TABLE entitlements (
      id INTEGER PRIMARY KEY, customer TEXT NOT NULL, subscription TEXT NOT NULL, plan TEXT,
      valid_from INTEGER NOT NULL, valid_until INTEGER, past_due_since INTEGER, cause TEXT,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX entitlements_customer ON entitlements (customer, id);
    CREATE INDEX entitlements_subscription ON entitlements (subscription, id);

    -- What ran before this step has its rights too.
    INSERT INTO entitlements (customer, subscription, plan, valid_from, valid_until,
      past_due_since, cause, created_at, updated_at)
    SELECT s.customer, s.id, s.plan, s.created,
      CASE WHEN s.cancel_at IS NOT NULL THEN s.cancel_at
        WHEN s.cancel_at_period_end THEN s.current_period_end END,
      CASE WHEN s.status = 'past_due' THEN COALESCE(
        (SELECT MAX(c.at) FROM subscription_changes c
          WHERE c.subscription = s.id AND c.kind = 'status' AND c.to_value = 'past_due'),
        s.current_period_start, s.created) END,
      (SELECT c.cause FROM subscription_changes c
        WHERE c.subscription = s.id AND c.kind IN ('created', 'status', 'plan', 'cancellation')
        ORDER BY c.at DESC, c.id DESC LIMIT 1),
      s.updated_at, s.updated_at
    FROM subscriptions s WHERE s.status IN ('active', 'trialing', 'past_due');

    -- Append-only: what one customer was granted apart from its plan, and when that was taken back
    -- (no value). The newest row of a customer and a feature counts.
    CREATE TABLE own_entitlements (
      id INTEGER PRIMARY KEY, customer TEXT NOT NULL, feature TEXT NOT NULL, value TEXT,
      valid_until INTEGER, note TEXT, actor TEXT NOT NULL, meaning TEXT NOT NULL,
      idempotency_key TEXT UNIQUE, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX own_entitlements_customer ON own_entitlements (customer, feature, id);
    """

  private static let webhooks = """
    -- Who vouches for an event, and when one that failed is tried again by itself; a failed one
    -- without a time is given up until somebody asks.
    ALTER TABLE events ADD COLUMN verdict TEXT NOT NULL DEFAULT 'trusted'
      CHECK (verdict IN ('verified', 'trusted', 'unverified'));
    ALTER TABLE events ADD COLUMN next_attempt_at INTEGER;
    CREATE INDEX events_due ON events (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

    -- Of several events of one second it could not be told which came last: to be read again.
    ALTER TABLE objects ADD COLUMN in_doubt INTEGER NOT NULL DEFAULT 0
      CHECK (in_doubt IN (0, 1));
    CREATE INDEX objects_in_doubt ON objects (id) WHERE in_doubt;

    -- Whether nothing can come after what is stored, so that it need not be read to be seen;
    -- NULL for what was written before this step.
    ALTER TABLE objects ADD COLUMN has_ended INTEGER CHECK (has_ended IN (0, 1));

    -- A second delivery of an event's id that said something else: kept aside, never applied.
    CREATE TABLE event_conflicts (
      id INTEGER PRIMARY KEY, event TEXT NOT NULL, field TEXT NOT NULL, verdict TEXT NOT NULL,
      body BLOB NOT NULL, received_at INTEGER NOT NULL,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, UNIQUE (event, body)
    ) STRICT;

    -- Append-only: what was handed on to an application's endpoint, attempt by attempt.
    CREATE TABLE event_forwards (
      id INTEGER PRIMARY KEY, event TEXT NOT NULL, url TEXT NOT NULL, attempt INTEGER NOT NULL,
      delivered INTEGER NOT NULL CHECK (delivered IN (0, 1)), http_status INTEGER, error TEXT,
      milliseconds INTEGER NOT NULL, at INTEGER NOT NULL,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX event_forwards_event ON event_forwards (event, url);
    """

  private static let refunds = """
    -- Whose a refund is, where Stripe does not say, is known by the invoice that it was made for.
    CREATE TABLE refunds (
      id TEXT PRIMARY KEY, customer TEXT, invoice TEXT, charge TEXT, payment_intent TEXT,
      amount INTEGER NOT NULL, currency TEXT NOT NULL, status TEXT NOT NULL, reason TEXT,
      created INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX refunds_customer ON refunds (customer, created) WHERE customer IS NOT NULL;
    """
}
