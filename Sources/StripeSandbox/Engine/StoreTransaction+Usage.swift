import Basics
import GRDB

/// Usage as it was reported to a meter.
struct StoredMeterEvent {
  var sequence: Int64 = 0
  var identifier: String
  /// nil where no meter has the event's name.
  var meter: String?
  /// nil where the event counts for nobody.
  var customer: String?
  var timestamp: Timestamp
  /// A decimal number; empty where there is none.
  var value: String
  var received: Timestamp
  var isCancelled = false
}

// MARK: Meter events

extension StoreTransaction {
  func insert(_ event: StoredMeterEvent) throws {
    try execute(
      """
      INSERT INTO meter_events (identifier, meter, customer, timestamp, value, received)
      VALUES (?, ?, ?, ?, ?, ?)
      """,
      [
        event.identifier, event.meter, event.customer, event.timestamp.seconds, event.value,
        event.received.seconds,
      ])
  }

  /// The latest event of an identifier.
  func meterEvent(identifier: String) throws -> StoredMeterEvent? {
    let sql = """
      SELECT sequence, identifier, meter, customer, timestamp, value, received, cancelled
      FROM meter_events WHERE identifier = ? ORDER BY received DESC, sequence DESC LIMIT 1
      """
    return try Row.fetchOne(
      database.cachedStatement(sql: sql), arguments: [identifier]
    ).map { row in
      StoredMeterEvent(
        sequence: row[0], identifier: row[1], meter: row[2], customer: row[3],
        timestamp: Timestamp(row[4]), value: row[5], received: Timestamp(row[6]),
        isCancelled: row[7])
    }
  }

  func cancelMeterEvent(_ sequence: Int64) throws {
    try execute("UPDATE meter_events SET cancelled = 1 WHERE sequence = ?", [sequence])
  }

  /// Goes through what a customer used by a meter from a moment on and before another, in the order
  /// of its time.
  func eachUse(
    meter: String, customer: String, in period: BillingPeriod,
    _ body: (_ moment: Timestamp, _ value: String) throws -> Void
  ) throws {
    let sql = """
      SELECT timestamp, value FROM meter_events
      WHERE meter = ? AND customer = ? AND timestamp >= ? AND timestamp < ?
        AND cancelled = 0 AND customer IS NOT NULL
      ORDER BY timestamp, sequence
      """
    let rows = try Row.fetchCursor(
      database.cachedStatement(sql: sql),
      arguments: [meter, customer, period.start.seconds, period.end.seconds])
    while let row = try rows.next() { try body(Timestamp(row[0]), row[1]) }
  }
}

// MARK: Usage records

extension StoreTransaction {
  /// What was reported to an item of a subscription for a moment; nil for nothing.
  func usageRecord(item: String, at moment: Timestamp) throws -> Int64? {
    try cached(
      "SELECT quantity FROM usage_records WHERE item = ? AND timestamp = ?", Int64.self,
      [item, moment.seconds])
  }

  func setUsageRecord(item: String, at moment: Timestamp, to quantity: Int64) throws {
    try execute(
      """
      INSERT INTO usage_records (item, timestamp, quantity) VALUES (?, ?, ?)
      ON CONFLICT (item, timestamp) DO UPDATE SET quantity = excluded.quantity
      """, [item, moment.seconds, quantity])
  }

  /// The records of an item in a time, its end excluded, in their order.
  func usageRecords(
    item: String, in period: BillingPeriod
  ) throws -> [(moment: Timestamp, quantity: Int64)] {
    let sql = """
      SELECT timestamp, quantity FROM usage_records
      WHERE item = ? AND timestamp >= ? AND timestamp < ? ORDER BY timestamp
      """
    return try Row.fetchAll(
      database.cachedStatement(sql: sql),
      arguments: [item, period.start.seconds, period.end.seconds]
    ).map { (Timestamp($0[0]), $0[1]) }
  }
}

// MARK: Thin events

extension StoreTransaction {
  func insertThinEvent(id: String, type: String, objectID: String?, body: String) throws {
    try execute(
      "INSERT INTO thin_events (id, type, object_id, json) VALUES (?, ?, ?, ?)",
      [id, type, objectID, body])
  }

  func thinEvent(id: String) throws -> JSONObject? {
    try cached("SELECT json FROM thin_events WHERE id = ?", String.self, [id]).map(Self.parsed)
  }

  /// Thin events, newest first, those before a sequence number.
  func thinEvents(
    of objectID: String?, types: [String], before: Int64?, limit: Int
  ) throws -> [(sequence: Int64, event: JSONObject)] {
    var sql = "SELECT sequence, json FROM thin_events WHERE sequence < ?"
    var arguments: [any DatabaseValueConvertible] = [before ?? .max]
    if let objectID {
      sql += " AND object_id = ?"
      arguments.append(objectID)
    }
    if !types.isEmpty {
      sql += " AND type IN (\(Array(repeating: "?", count: types.count).joined(separator: ", ")))"
      arguments += types
    }
    sql += " ORDER BY sequence DESC LIMIT \(limit)"
    return try Row.fetchAll(database, sql: sql, arguments: StatementArguments(arguments))
      .map { ($0[0], try Self.parsed($0[1])) }
  }
}
