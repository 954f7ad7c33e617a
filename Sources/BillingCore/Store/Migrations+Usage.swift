extension Migrations {
  static let usage = """
    -- Which billing periods a subscription has had, as far as they were seen.
    CREATE TABLE billing_periods (
      subscription TEXT NOT NULL, starts_at INTEGER NOT NULL, ends_at INTEGER NOT NULL,
      customer TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      PRIMARY KEY (subscription, starts_at), CHECK (starts_at < ends_at)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX billing_periods_customer ON billing_periods (customer, starts_at);

    INSERT INTO billing_periods (subscription, starts_at, ends_at, customer, created_at, updated_at)
    SELECT id, current_period_start, current_period_end, customer, updated_at, updated_at
    FROM subscriptions WHERE current_period_start < current_period_end;

    -- One customer's use of one meter; what belongs to it names it by a number, which is short.
    CREATE TABLE usage_series (
      id INTEGER PRIMARY KEY, customer TEXT NOT NULL, meter TEXT NOT NULL,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, UNIQUE (customer, meter)
    ) STRICT;

    -- Append-only: what was used, each once by its id. `covered` units were paid for with tokens, so
    -- that no plan is charged with them.
    CREATE TABLE usage_events (
      number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE CHECK (id <> ''),
      series INTEGER NOT NULL REFERENCES usage_series (id),
      quantity INTEGER NOT NULL CHECK (quantity >= 0), at INTEGER NOT NULL,
      covered INTEGER NOT NULL CHECK (covered BETWEEN 0 AND quantity),
      key_id TEXT, endpoint TEXT, method TEXT, status_code INTEGER, response_time_ms INTEGER,
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX usage_events_series ON usage_events (series, at);
    CREATE TRIGGER usage_events_stay_as_they_are BEFORE UPDATE ON usage_events
      BEGIN SELECT RAISE(ABORT, 'usage events are never changed'); END;
    CREATE TRIGGER usage_events_stay BEFORE DELETE ON usage_events
      BEGIN SELECT RAISE(ABORT, 'usage events are never removed'); END;

    -- What the events of a window come to, written with them: of a day (UTC), of a billing period,
    -- and of all time, which begins at 0. A month is the sum of its days.
    CREATE TABLE usage_totals (
      series INTEGER NOT NULL REFERENCES usage_series (id),
      span TEXT NOT NULL CHECK (span IN ('day', 'period', 'lifetime')),
      starts_at INTEGER NOT NULL, events INTEGER NOT NULL CHECK (events > 0),
      quantity INTEGER NOT NULL CHECK (quantity >= 0),
      last_quantity INTEGER NOT NULL CHECK (last_quantity >= 0), last_at INTEGER NOT NULL,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      PRIMARY KEY (series, span, starts_at)
    ) STRICT, WITHOUT ROWID;

    -- How many of a level a customer holds, those on lease apart.
    CREATE TABLE levels (
      customer TEXT NOT NULL, level TEXT NOT NULL, held INTEGER NOT NULL CHECK (held >= 0),
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, PRIMARY KEY (customer, level)
    ) STRICT, WITHOUT ROWID;

    -- What is held until a moment, and given back by itself then.
    CREATE TABLE leases (
      id INTEGER PRIMARY KEY, customer TEXT NOT NULL, level TEXT NOT NULL,
      units INTEGER NOT NULL CHECK (units > 0), until INTEGER NOT NULL,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX leases_customer ON leases (customer, level, until);

    -- Append-only: how a level came to be what it is.
    CREATE TABLE level_changes (
      id INTEGER PRIMARY KEY, customer TEXT NOT NULL, level TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('set', 'taken', 'leased', 'released')),
      units INTEGER NOT NULL CHECK (units >= 0), held_after INTEGER NOT NULL CHECK (held_after >= 0),
      actor TEXT NOT NULL, at INTEGER NOT NULL,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX level_changes_customer ON level_changes (customer, level, id);
    CREATE TRIGGER level_changes_stay_as_they_are BEFORE UPDATE ON level_changes
      BEGIN SELECT RAISE(ABORT, 'changes of levels are never changed'); END;
    CREATE TRIGGER level_changes_stay BEFORE DELETE ON level_changes
      BEGIN SELECT RAISE(ABORT, 'changes of levels are never removed'); END;

    -- What was answered to a change of our own data under an idempotency key.
    CREATE TABLE kept_answers (
      key TEXT PRIMARY KEY, command TEXT NOT NULL, meaning TEXT NOT NULL, answer TEXT NOT NULL,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    """
}
