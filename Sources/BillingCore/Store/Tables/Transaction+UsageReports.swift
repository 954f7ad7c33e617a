package import Basics
import GRDB

extension Transaction {
  func insert(_ report: ReportedUse) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO usage_reports (identifier, customer, meter, kind, target, parameters,
          covers_from, covers_to, value, at, state, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'prepared', ?, ?)
        """
    ).execute(arguments: [
      report.identifier, report.customerID, report.meterID, report.kind.rawValue, report.targetID,
      JSON.object(report.parameters).compact, report.coversFrom, report.coversTo, report.value,
      report.at, report.createdAt, now,
    ])
  }

  /// The calls that were written down and of which nobody knows whether Stripe took them.
  package func openUsageReports(ofCustomer customerID: String? = nil) throws -> [ReportedUse] {
    try Row.fetchAll(
      database.cachedStatement(
        sql: """
          SELECT * FROM usage_reports
          WHERE state = 'prepared' AND (?1 IS NULL OR customer = ?1) ORDER BY number
          """), arguments: [customerID]
    ).map(ReportedUse.init(row:))
  }

  /// Writes down what became of a call; false where that was known already.
  @discardableResult
  package func settleUsageReport(
    _ identifier: String, as state: ReportedUse.State, error: String? = nil
  ) throws -> Bool {
    try database.cachedStatement(
      sql: """
        UPDATE usage_reports SET state = ?2, error = ?3, updated_at = ?4
        WHERE identifier = ?1 AND state <> ?2 AND state <> 'failed'
        """
    ).execute(arguments: [identifier, state.rawValue, error, now])
    return database.changesCount == 1
  }

  // MARK: What was told

  /// The sum of what was told of a time.
  package func reported(
    _ use: BilledUse, from start: Timestamp, before end: Timestamp
  ) throws -> Int64 {
    try Int64.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT coalesce(sum(value), 0) FROM usage_reports
          WHERE customer = ? AND meter = ? AND at >= ? AND at < ? AND state <> 'failed'
          """), arguments: [use.customerID, use.meter.id, start, end]) ?? 0
  }

  /// What was told last of a time; nil for nothing.
  package func lastReported(
    _ use: BilledUse, from start: Timestamp, before end: Timestamp
  ) throws -> (value: Int64, at: Timestamp)? {
    try Row.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT value, at FROM usage_reports
          WHERE customer = ? AND meter = ? AND at >= ? AND at < ? AND state <> 'failed'
          ORDER BY at DESC, number DESC LIMIT 1
          """), arguments: [use.customerID, use.meter.id, start, end]
    ).map { ($0[0], $0[1]) }
  }

  /// The time of which the calls tell that tell of anything in another time; nil where none does.
  func covered(
    _ use: BilledUse, from start: Timestamp, before end: Timestamp
  ) throws -> (start: Timestamp, end: Timestamp)? {
    let row = try Row.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT min(covers_from), max(covers_to) FROM usage_reports
          WHERE customer = ? AND meter = ? AND covers_from < ? AND covers_to > ?
            AND state <> 'failed'
          """), arguments: [use.customerID, use.meter.id, end, start])
    guard let row, let first = row[0] as Timestamp?, let last = row[1] as Timestamp? else {
      return nil
    }
    return (first, last)
  }

  /// Whether a call with this identifier is ours.
  func knowsUsageReport(_ identifier: String) throws -> Bool {
    try Bool.fetchOne(
      database.cachedStatement(
        sql: "SELECT EXISTS (SELECT 1 FROM usage_reports WHERE identifier = ?)"),
      arguments: [identifier]) ?? false
  }

  /// Whether anything was told to a meter at Stripe; without one, to any.
  package func hasUsageReports(toMeter meterID: String?) throws -> Bool {
    try Bool.fetchOne(
      database.cachedStatement(
        sql: "SELECT EXISTS (SELECT 1 FROM usage_reports WHERE target = coalesce(?, target))"),
      arguments: [meterID]) ?? false
  }

  /// The meters at Stripe to which anything was told.
  func reportedMeterIDs() throws -> [String] {
    try String.fetchAll(
      database, sql: "SELECT DISTINCT target FROM usage_reports WHERE kind = 'meter_event'")
  }

  /// What Stripe took for a meter, of one customer in a time.
  func sent(
    to targetID: String, ofCustomer customerID: String, in time: BillingPeriod
  ) throws -> Int64 {
    try Int64.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT coalesce(sum(value), 0) FROM usage_reports
          WHERE customer = ? AND target = ? AND at >= ? AND at < ? AND state = 'sent'
          """), arguments: [customerID, targetID, time.start, time.end]) ?? 0
  }

  // MARK: What was used

  /// What a customer used of a meter in any time; nil for nothing. Goes through the events, so ask
  /// for a period where it is one.
  package func usage(
    of meterID: String, by customerID: String, from start: Timestamp, before end: Timestamp
  ) throws -> UsageTotal? {
    let arguments: StatementArguments = [customerID, meterID, start, end]
    let condition = """
      FROM usage_events AS e JOIN usage_series AS s ON s.id = e.series
      WHERE s.customer = ? AND s.meter = ? AND e.at >= ? AND e.at < ?
        AND (e.covered < e.quantity OR e.quantity = 0)
      """
    let last = try Row.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT e.quantity - e.covered, e.at \(condition) ORDER BY e.at DESC, e.number DESC LIMIT 1
          """), arguments: arguments)
    guard let last,
      let sums = try Row.fetchOne(
        database.cachedStatement(sql: "SELECT count(*), sum(e.quantity - e.covered) \(condition)"),
        arguments: arguments)
    else { return nil }
    return UsageTotal(events: sums[0], quantity: sums[1], lastQuantity: last[0], lastAt: last[1])
  }

  /// Whether anything was ever used.
  package func hasUse(ofCustomer customerID: String) throws -> Bool {
    try Bool.fetchOne(
      database.cachedStatement(
        sql: "SELECT EXISTS (SELECT 1 FROM usage_series WHERE customer = ?)"),
      arguments: [customerID]) ?? false
  }

  /// Whose invoice for use is a draft, so that what was used can still be told.
  package func customersWithMeteredDrafts() throws -> [String] {
    try String.fetchAll(
      database.cachedStatement(
        sql: """
          SELECT DISTINCT i.customer FROM invoices AS i
          JOIN subscription_items AS s ON s.subscription = i.subscription
          WHERE i.status = 'draft' AND s.usage_type = 'metered' AND i.customer IS NOT NULL
          ORDER BY i.customer
          """))
  }

  /// The subscriptions that bill use, the oldest first.
  func meteredSubscriptionIDs(ofCustomer customerID: String?) throws -> [String] {
    try String.fetchAll(
      database.cachedStatement(
        sql: """
          SELECT DISTINCT s.id FROM subscriptions AS s
          JOIN subscription_items AS i ON i.subscription = s.id
          WHERE i.usage_type = 'metered' AND (?1 IS NULL OR s.customer = ?1)
          ORDER BY s.created, s.id
          """), arguments: [customerID])
  }
}

extension ReportedUse {
  fileprivate init(row: Row) throws {
    let parameters = try JSON(parsing: row["parameters"] as String)
    self.init(
      identifier: row["identifier"], customerID: row["customer"], meterID: row["meter"],
      kind: Kind(rawValue: row["kind"]) ?? .meterEvent, targetID: row["target"],
      parameters: parameters.object ?? [:], coversFrom: row["covers_from"],
      coversTo: row["covers_to"], value: row["value"], at: row["at"],
      state: State(rawValue: row["state"]) ?? .prepared, createdAt: row["created_at"])
  }
}
