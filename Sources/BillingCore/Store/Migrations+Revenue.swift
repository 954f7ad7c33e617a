extension Migrations {
  /// What each subscription brought at any time, so that revenue can be asked for of any day.
  static let revenue = """
    -- In which stretches of time a subscription had which status and plan, and what it came to in a
    -- year; 0 while it brings nothing. The stretches of one follow each other without a gap, and the
    -- last has no end (253402300799). A stretch that lies ahead begins where a discount runs out.
    CREATE TABLE revenue_stretches (
      customer TEXT NOT NULL, subscription TEXT NOT NULL,
      from_at INTEGER NOT NULL, until_at INTEGER NOT NULL CHECK (until_at > from_at),
      status TEXT NOT NULL, plan TEXT, currency TEXT NOT NULL,
      yearly_amount INTEGER NOT NULL CHECK (yearly_amount BETWEEN 0 AND 1000000000000),
      trial_ended_at INTEGER, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      PRIMARY KEY (customer, subscription, from_at)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX revenue_stretches_plan ON revenue_stretches
      (plan, status, currency, from_at, until_at, yearly_amount, trial_ended_at);

    -- What ran before this step: the statuses as the history tells them, of amounts only today's are
    -- known, without discounts.
    INSERT INTO revenue_stretches (customer, subscription, from_at, until_at, status, plan, currency,
      yearly_amount, trial_ended_at, created_at, updated_at)
    WITH told AS (
      SELECT subscription, at, to_value AS status, row_number()
        OVER (PARTITION BY subscription, at ORDER BY id DESC) AS place
      FROM subscription_changes WHERE kind = 'status'
    ), phases AS (
      SELECT subscription, at, status,
        lead(at) OVER (PARTITION BY subscription ORDER BY at) AS next,
        lag(status) OVER (PARTITION BY subscription ORDER BY at) AS before
      FROM told WHERE place = 1
    ), amounts AS (
      SELECT subscription, SUM(min(1000000000, COALESCE(unit_amount, 0)) * min(1000, COALESCE(
          quantity, 0)) * CASE interval WHEN 'year' THEN 1 WHEN 'month' THEN 12 WHEN 'week' THEN 52
          WHEN 'day' THEN 365 ELSE 0 END / max(1, COALESCE(interval_count, 1))) AS yearly
      FROM subscription_items WHERE COALESCE(usage_type, 'licensed') <> 'metered'
      GROUP BY subscription
    )
    SELECT s.customer, s.id, CASE WHEN p.before IS NULL THEN min(s.created, p.at) ELSE p.at END,
      COALESCE(p.next, 253402300799), p.status, COALESCE(s.plan, s.product), s.currency,
      CASE WHEN p.status IN ('active', 'past_due')
        THEN min(1000000000000, COALESCE(a.yearly, 0)) ELSE 0 END,
      (SELECT MAX(e.at) FROM phases e WHERE e.subscription = s.id AND e.before = 'trialing'
        AND e.at <= p.at),
      s.updated_at, s.updated_at
    FROM phases p JOIN subscriptions s ON s.id = p.subscription
    LEFT JOIN amounts a ON a.subscription = s.id;
    """
}
