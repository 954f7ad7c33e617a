package import Basics
import GRDB

/// Counts what the figures are made of, by aggregates of SQLite: a million subscriptions are not a
/// million values here.
extension Transaction {
  /// - Parameter currency: nil takes the one in which most is brought in.
  package func metrics(
    over period: Metrics.Period, currency: String?, otherwise fallback: String = "usd"
  ) throws -> Metrics {
    let (amounts, trials) = try standing(period)
    let most = amounts.max { left, right in
      (Self.yearly(left.value), right.key) < (Self.yearly(right.value), left.key)
    }
    let currency = currency ?? most?.key ?? fallback
    return Metrics(
      period: period, currency: currency,
      otherCurrencies: amounts.keys.filter { $0 != currency }.sorted(),
      plans: Self.sorted(amounts[currency] ?? []),
      movements: try movements(over: period, currency: currency),
      trials: trials, signups: try signups(in: period),
      payments: try payments(in: period, currency: currency), webhooks: try webhooks(in: period))
  }

  /// What was brought in at some moments, a month each, in minor units.
  package func monthlyRevenue(at moments: [Timestamp], currency: String) throws -> [Int64] {
    guard !moments.isEmpty else { return [] }
    let sums = moments.map { "COALESCE(SUM(\(Self.amount(at: $0))), 0)" }
    let row = try Row.fetchOne(
      database,
      sql: "SELECT \(sums.joined(separator: ", ")) FROM revenue_stretches WHERE currency = ?",
      arguments: [currency])
    return moments.indices.map { Metrics.monthly(row?[$0] ?? 0) }
  }

  /// SQL for what a stretch brings at a moment. Moments are numbers, so they may stand in the text.
  private static func amount(at moment: Timestamp) -> String {
    "iif(\(holds(at: moment)), yearly_amount, 0)"
  }

  private static func holds(at moment: Timestamp) -> String {
    "from_at <= \(moment.seconds) AND until_at > \(moment.seconds)"
  }

  // MARK: Plans

  /// What each plan brings at the end of a period, by currency; and of the trials that ended in it,
  /// those whose subscription is active at its end.
  private func standing(
    _ period: Metrics.Period
  ) throws -> (plans: [String: [PlanRevenue]], trials: Ratio) {
    let hasEnded = """
      trial_ended_at > \(period.start.seconds) AND trial_ended_at <= \(period.end.seconds)
      """
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT currency, plan, status, COUNT(*), SUM(yearly_amount), SUM(COALESCE(\(hasEnded), 0))
        FROM revenue_stretches WHERE \(Self.holds(at: period.end))
        GROUP BY plan, status, currency
        """)
    var found: [String: [String?: PlanRevenue]] = [:]
    var (converted, ended): (Int64, Int64) = (0, 0)
    while let row = try rows.next() {
      let (currency, planID): (String, String?) = (row[0], row[1])
      let (status, count, yearly, trials): (String, Int64, Int64, Int64) =
        (row[2], row[3], row[4], row[5])
      ended += trials
      if status == "active" { converted += trials }
      guard let place = PlanRevenue.count(of: status) else { continue }
      var plan = found[currency]?[planID] ?? PlanRevenue(planID: planID)
      plan[keyPath: place] = count
      plan.yearlyAmount += yearly
      found[currency, default: [:]][planID] = plan
    }
    return (found.mapValues { Array($0.values) }, Ratio(part: converted, whole: ended))
  }

  private static func yearly(_ plans: [PlanRevenue]) -> Int64 {
    plans.reduce(0) { $0 + $1.yearlyAmount }
  }

  private static func sorted(_ plans: [PlanRevenue]) -> [PlanRevenue] {
    plans.sorted { ($1.yearlyAmount, $0.planID ?? "") < ($0.yearlyAmount, $1.planID ?? "") }
  }

  // MARK: Movements

  private func movements(
    over period: Metrics.Period, currency: String
  ) throws -> RevenueMovements {
    let monthBefore = period.end - 30 * 86_400
    let row = try Row.fetchOne(
      database,
      sql: """
        WITH paying AS (
          SELECT SUM(\(Self.amount(at: period.start))) AS old,
            SUM(\(Self.amount(at: period.end))) AS new,
            SUM(\(Self.amount(at: monthBefore))) AS month,
            MAX(yearly_amount > 0 AND from_at <= \(period.start.seconds)) AS paid
          FROM revenue_stretches WHERE currency = ? AND from_at <= \(period.end.seconds)
          GROUP BY customer
        )
        SELECT SUM(old), SUM(new), SUM(iif(old = 0 AND NOT paid, new, 0)),
          SUM(iif(old > 0 AND new > old, new - old, 0)),
          SUM(iif(new > 0 AND new < old, old - new, 0)), SUM(iif(new = 0, old, 0)),
          SUM(iif(old = 0 AND paid, new, 0)), SUM(iif(old > 0, new, 0)),
          SUM(old > 0), SUM(new > 0), SUM(old > 0 AND new = 0), SUM(month > 0 AND new = 0)
        FROM paying
        """, arguments: [currency])
    var found = RevenueMovements()
    let places: [WritableKeyPath<RevenueMovements, Int64>] = [
      \.start, \.end, \.new, \.expansion, \.contraction, \.churn, \.reactivation, \.retained,
      \.customersAtStart, \.customersAtEnd, \.churnedCustomers, \.churnedInThirtyDays,
    ]
    for (index, place) in places.enumerated() { found[keyPath: place] = row?[index] ?? 0 }
    return found
  }

  // MARK: Rates

  private func signups(in period: Metrics.Period) throws -> Ratio {
    try ratio(
      """
      SELECT SUM(EXISTS (SELECT 1 FROM revenue_stretches
          WHERE customer = customers.id AND yearly_amount > 0 AND \(Self.holds(at: period.end)))),
        COUNT(*)
      FROM customers WHERE created > \(period.start.seconds) AND created <= \(period.end.seconds)
      """)
  }

  private func webhooks(in period: Metrics.Period) throws -> Ratio {
    let span = "created > \(period.start.seconds) AND created <= \(period.end.seconds)"
    func count(_ status: InboxEvent.Status?) -> String {
      "(SELECT COUNT(*) FROM events WHERE \(status?.condition ?? "1") AND \(span))"
    }
    // Each by an index alone: to look at every event takes long.
    return try ratio(
      """
      SELECT known - failed, known FROM (
        SELECT \(count(nil)) - \(count(.pending)) AS known, \(count(.failed)) AS failed)
      """)
  }

  private func ratio(_ sql: String) throws -> Ratio {
    let row = try Row.fetchOne(database, sql: sql)
    return Ratio(part: row?[0] ?? 0, whole: row?[1] ?? 0)
  }

  private func payments(in period: Metrics.Period, currency: String) throws -> PaymentCounts {
    let row = try Row.fetchOne(
      database,
      sql: """
        SELECT SUM(attempt_count), SUM(status = 'paid'),
          SUM(attempt_count > 1 OR status <> 'paid'), SUM(attempt_count > 1 AND status = 'paid')
        FROM invoices WHERE currency = ? AND attempt_count > 0 AND amount_due > 0
          AND created > \(period.start.seconds) AND created <= \(period.end.seconds)
        """, arguments: [currency])
    var counts = PaymentCounts()
    counts.attempts = row?[0] ?? 0
    counts.paid = row?[1] ?? 0
    counts.failedAtFirst = row?[2] ?? 0
    counts.recovered = row?[3] ?? 0
    return counts
  }
}
