package import Basics
import GRDB

extension Transaction {
  /// Writes an event down, with the totals that it belongs to. One that stands there already adds
  /// nothing.
  ///
  /// - Parameter comparesTime: false where no time was given, so that the first one's counts.
  package func recordUsage(
    _ event: UsageEvent, comparesTime: Bool = true
  ) throws -> UsageOutcome {
    var book = UsageBook()
    try book.begin(self)
    let outcome = try book.record(event, comparesTime: comparesTime, in: self)
    try book.close(self)
    return outcome
  }

  /// The event of an id; nil where there is none.
  package func usageEvent(_ id: String) throws -> UsageEvent? {
    let statement = try database.cachedStatement(
      sql: """
        SELECT e.id, s.customer, s.meter, e.quantity, e.at, e.covered, e.key_id, e.endpoint,
          e.method, e.status_code, e.response_time_ms FROM usage_events AS e
        JOIN usage_series AS s ON s.id = e.series WHERE e.id = ?
        """)
    return try statement.firstRow(binding: id) { try UsageEvent($0) }
  }

  // MARK: Totals

  /// What a customer used of a meter in a billing period; nil for nothing.
  package func usage(
    of meterID: String, by customerID: String, in period: BillingPeriod
  ) throws -> UsageTotal? {
    try total(meterID, customerID, .period, from: period.start, before: period.end)
  }

  /// What a customer used of a meter in the window of a limit that a moment is in; nil for nothing.
  package func usage(
    of meterID: String, by customerID: String, in window: Limit.Window, at moment: Timestamp
  ) throws -> UsageTotal? {
    switch window {
    case .day:
      let start = moment.dayStart
      return try total(meterID, customerID, .day, from: start, before: start + 86_400)
    case .month:
      let start = moment.monthStart
      return try total(
        meterID, customerID, .day, from: start, before: start + TimeSpan(months: 1))
    case .period:
      let period = try billingPeriods(ofCustomer: customerID).period(at: moment)
      return try usage(of: meterID, by: customerID, in: period)
    case .lifetime:
      return try total(meterID, customerID, .lifetime, from: Timestamp(0), before: Timestamp(1))
    }
  }

  private func total(
    _ meterID: String, _ customerID: String, _ span: UsageSpan, from start: Timestamp,
    before end: Timestamp
  ) throws -> UsageTotal? {
    let statement = try database.cachedStatement(
      sql: """
        SELECT t.events, t.quantity, t.last_quantity, t.last_at FROM usage_totals AS t
        JOIN usage_series AS s ON s.id = t.series
        WHERE s.customer = ? AND s.meter = ? AND t.span = ? AND t.starts_at >= ?
          AND t.starts_at < ? ORDER BY t.starts_at
        """)
    let sum = try Row.fetchAll(
      statement, arguments: [customerID, meterID, span.rawValue, start, end]
    ).reduce(into: UsageTotal.nothing) { $0.add(UsageTotal(row: $1)) }
    return sum.events > 0 ? sum : nil
  }

  func lifetimeTotal(ofSeries series: Int64) throws -> UsageTotal? {
    let statement = try database.cachedStatement(
      sql: """
        SELECT events, quantity, last_quantity, last_at FROM usage_totals
        WHERE series = ? AND span = 'lifetime' AND starts_at = 0
        """)
    return try Row.fetchOne(statement, arguments: [series]).map(UsageTotal.init(row:))
  }

  func add(_ tally: UsageTally) throws {
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO usage_totals (series, span, starts_at, events, quantity, last_quantity, last_at,
          created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)
        ON CONFLICT (series, span, starts_at) DO UPDATE SET
          events = events + excluded.events, quantity = quantity + excluded.quantity,
          last_quantity =
            CASE WHEN excluded.last_at >= last_at THEN excluded.last_quantity ELSE last_quantity END,
          last_at = max(last_at, excluded.last_at), updated_at = excluded.updated_at
        """)
    try tally.forEachTotal { key, total in
      try statement.execute(
        binding: key.series, key.span.rawValue, key.start, total.events, total.quantity,
        total.lastQuantity, total.lastAt, now)
    }
  }

  /// A number that changes when another connection has written.
  func dataVersion() throws -> Int64? {
    try Int64.fetchOne(database.cachedStatement(sql: "PRAGMA data_version"))
  }

  // MARK: Events

  /// The number of a customer's use of a meter, given at its first use.
  func usageSeries(_ customerID: String, _ meterID: String) throws -> Int64 {
    let find = try database.cachedStatement(
      sql: "SELECT id FROM usage_series WHERE customer = ? AND meter = ?")
    if let id = try Int64.fetchOne(find, arguments: [customerID, meterID]) { return id }
    try database.execute(
      sql: """
        INSERT INTO usage_series (customer, meter, created_at, updated_at) VALUES (?1, ?2, ?3, ?3)
        """, arguments: [customerID, meterID, now])
    return database.lastInsertedRowID
  }
}

extension UsageTotal {
  fileprivate init(row: Row) {
    self.init(events: row[0], quantity: row[1], lastQuantity: row[2], lastAt: row[3])
  }
}

extension UsageEvent {
  fileprivate init(_ row: RowColumns) throws {
    self.init(
      id: try row[0], customerID: try row[1], meterID: try row[2], quantity: try row[3],
      at: try row[4], covered: try row[5],
      request: Request(
        keyID: try row[6], endpoint: try row[7], method: try row[8], statusCode: try row[9],
        responseTimeMilliseconds: try row[10]))
  }
}
