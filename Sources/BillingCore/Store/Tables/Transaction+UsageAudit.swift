import GRDB

extension Transaction {
  /// Adds all usage up again and holds it against the totals that gates and bills are made from.
  package func usageAudit() throws -> UsageAudit {
    UsageAudit(
      events: try Int64.fetchOne(database, sql: "SELECT count(*) FROM usage_events") ?? 0,
      differences: try dayDifferences() + sumDifferences(of: "period")
        + sumDifferences(of: "lifetime") + levelDifferences())
  }

  /// What tokens paid for whole is in no total.
  private static let charged = """
    SELECT series, at, quantity - covered AS charged FROM usage_events
    WHERE covered < quantity OR quantity = 0
    """

  /// Each day by itself, in UTC also before 1970.
  private func dayDifferences() throws -> [UsageAudit.Difference] {
    try differences(
      "day",
      """
      WITH expected AS (
        SELECT series, at - (at % 86400 + 86400) % 86400 AS day, count(*) AS events,
          sum(charged) AS quantity
        FROM (\(Self.charged)) GROUP BY 1, 2),
      found AS (SELECT series, starts_at AS day, events, quantity FROM usage_totals
        WHERE span = 'day'),
      both AS (SELECT series, day FROM expected UNION SELECT series, day FROM found)
      SELECT b.series, coalesce(e.quantity, 0) AS expected, coalesce(f.quantity, 0) AS found,
        coalesce(e.events, 0) AS expected_events, coalesce(f.events, 0) AS found_events
      FROM both AS b LEFT JOIN expected AS e ON e.series = b.series AND e.day = b.day
      LEFT JOIN found AS f ON f.series = b.series AND f.day = b.day
      """)
  }

  /// Each event lies in one period, and in all time.
  private func sumDifferences(of span: String) throws -> [UsageAudit.Difference] {
    try differences(
      span,
      """
      WITH expected AS (SELECT series, count(*) AS events, sum(charged) AS quantity
        FROM (\(Self.charged)) GROUP BY 1),
      found AS (SELECT series, sum(events) AS events, sum(quantity) AS quantity
        FROM usage_totals WHERE span = '\(span)' GROUP BY 1)
      SELECT s.id AS series, coalesce(e.quantity, 0) AS expected, coalesce(f.quantity, 0) AS found,
        coalesce(e.events, 0) AS expected_events, coalesce(f.events, 0) AS found_events
      FROM usage_series AS s LEFT JOIN expected AS e ON e.series = s.id
      LEFT JOIN found AS f ON f.series = s.id
      """)
  }

  /// Where the sums agree and only the numbers of events differ, those are told.
  private func differences(_ span: String, _ sql: String) throws -> [UsageAudit.Difference] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT s.customer, s.meter, iif(d.expected <> d.found, d.expected, d.expected_events),
          iif(d.expected <> d.found, d.found, d.found_events)
        FROM (\(sql)) AS d JOIN usage_series AS s ON s.id = d.series
        WHERE d.expected <> d.found OR d.expected_events <> d.found_events
        ORDER BY s.customer, s.meter
        """
    ).map {
      UsageAudit.Difference(
        customerID: $0[0], meterID: $0[1], span: span, expected: $0[2], found: $0[3])
    }
  }

  /// A level that never had a lease is what its last change left; a lease ends without a change.
  private func levelDifferences() throws -> [UsageAudit.Difference] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT l.customer, l.level, c.held_after, l.held FROM levels AS l
        JOIN level_changes AS c ON c.id = (SELECT max(id) FROM level_changes AS m
          WHERE m.customer = l.customer AND m.level = l.level)
        WHERE c.held_after <> l.held AND NOT EXISTS (SELECT 1 FROM level_changes AS m
          WHERE m.customer = l.customer AND m.level = l.level AND m.kind = 'leased')
        ORDER BY l.customer, l.level
        """
    ).map {
      UsageAudit.Difference(
        customerID: $0[0], meterID: $0[1], span: "level", expected: $0[2], found: $0[3])
    }
  }
}
