import Basics
import GRDB

extension Transaction {
  /// The billing periods of a customer by what the mirror knows.
  package func billingPeriods(ofCustomer customerID: String) throws -> BillingPeriods {
    let statement = try database.cachedStatement(
      sql: """
        SELECT subscription, starts_at, ends_at FROM billing_periods
        WHERE customer = ? ORDER BY starts_at
        """)
    var known: [String: [BillingPeriod]] = [:]
    for row in try Row.fetchAll(statement, arguments: [customerID]) {
      let subscriptionID: String = row[0]
      known[subscriptionID, default: []].append(
        BillingPeriod(start: row[1], end: row[2], subscriptionID: subscriptionID))
    }
    guard !known.isEmpty else { return BillingPeriods([]) }
    return BillingPeriods(
      try subscriptions(ofCustomer: customerID).compactMap {
        BillingPeriods.History($0, known: known[$0.id] ?? [])
      })
  }

  /// Writes down in which period a subscription is. Where that moves what was counted already into
  /// another period, it is counted again.
  func notePeriod(of row: SubscriptionRow, after old: SubscriptionRow?) throws {
    let isSame =
      old.map {
        $0.currentPeriodStart == row.currentPeriodStart
          && $0.currentPeriodEnd == row.currentPeriodEnd && $0.endsAt == row.endsAt
          && $0.endedAt == row.endedAt && $0.isBilled == row.isBilled
      } ?? false
    guard !isSame, row.isBilled, let start = row.currentPeriodStart, let end = row.currentPeriodEnd,
      start < end
    else { return }
    try database.cachedStatement(
      sql: """
        INSERT INTO billing_periods (subscription, starts_at, ends_at, customer, created_at,
          updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
        ON CONFLICT (subscription, starts_at)
          DO UPDATE SET ends_at = excluded.ends_at, updated_at = excluded.updated_at
          WHERE ends_at <> excluded.ends_at
        """
    ).execute(binding: row.id, start, end, row.customerID, now)
    try recountPeriods(ofCustomer: row.customerID)
  }

  /// Counts again what stands in a period in which it no longer lies: the news of a period that was
  /// begun, or of a subscription, may come after the use in it.
  private func recountPeriods(ofCustomer customerID: String) throws {
    let counted: [(series: Int64, start: Timestamp, last: Timestamp)] =
      try database.cachedStatement(
        sql: """
          SELECT t.series, t.starts_at, t.last_at FROM usage_totals AS t
          JOIN usage_series AS s ON s.id = t.series
          WHERE s.customer = ? AND t.span = 'period'
          """
      ).rows(binding: customerID) { (try $0[0], try $0[1], try $0[2]) }
    guard !counted.isEmpty else { return }
    let periods = try billingPeriods(ofCustomer: customerID)
    for (series, start, last) in counted {
      let period = periods.period(at: start)
      guard period.start != start || !period.contains(last) else { continue }
      try database.cachedStatement(
        sql: "DELETE FROM usage_totals WHERE series = ? AND span = 'period' AND starts_at = ?"
      ).execute(arguments: [series, start])
      var moment = start
      while moment <= last {
        let period = periods.period(at: moment)
        try recount(series, in: period)
        moment = period.end
      }
    }
  }

  private func recount(_ series: Int64, in period: BillingPeriod) throws {
    let range: StatementArguments = [series, period.start, period.end]
    let last = try Row.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT quantity - covered, at FROM usage_events
          WHERE series = ? AND at >= ? AND at < ? AND \(Self.isCharged)
          ORDER BY at DESC, number DESC LIMIT 1
          """), arguments: range)
    guard let last else { return }
    try database.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO usage_totals (series, span, starts_at, events, quantity,
          last_quantity, last_at, created_at, updated_at)
        SELECT ?1, 'period', ?2, count(*), sum(quantity - covered), ?4, ?5, ?6, ?6
        FROM usage_events WHERE series = ?1 AND at >= ?2 AND at < ?3 AND \(Self.isCharged)
        """
    ).execute(arguments: range + [last[0] as Int64, last[1] as Timestamp, now])
  }

  /// What tokens paid for whole is in no total.
  private static let isCharged = "(covered < quantity OR quantity = 0)"
}

extension SubscriptionRow {
  /// Whether it is billed for anything: one whose first payment is missing never ran.
  var isBilled: Bool { !["incomplete", "incomplete_expired"].contains(status) }
}
