import Basics
import GRDB

// MARK: What falls due

extension StoreTransaction {
  /// What falls due next on a clock, up to a moment.
  func nextDue(clock: String?, until end: Timestamp) throws -> DueObject? {
    let sql = """
      SELECT seq, due, json FROM objects WHERE clock IS ? AND due <= ?
      ORDER BY due, turn, seq LIMIT 1
      """
    return try Row.fetchOne(
      database.cachedStatement(sql: sql), arguments: [clock, end.seconds]
    ).map {
      DueObject(sequence: $0[0], moment: Timestamp($0[1]), object: try Self.parsed($0[2]))
    }
  }

  func hasDue(clock: String?, until end: Timestamp) throws -> Bool {
    let sql = "SELECT 1 FROM objects WHERE clock IS ? AND due <= ? LIMIT 1"
    return try Int.fetchOne(
      database.cachedStatement(sql: sql), arguments: [clock, end.seconds]) != nil
  }

  func postpone(_ due: DueObject, until moment: Timestamp) throws {
    try execute("UPDATE objects SET due = ? WHERE seq = ?", [moment.seconds, due.sequence])
  }

  func remove(_ setting: String) throws {
    try execute("DELETE FROM settings WHERE name = ?", [setting])
  }
}

// MARK: Test clocks

extension StoreTransaction {
  /// The test clock on which the object of an id lives; a subscription's items live inside it.
  func clock(ofObject id: String) throws -> String? {
    let clock = try cached(
      "SELECT clock FROM objects WHERE id = ? AND clock IS NOT NULL", String.self, [id])
    return try clock
      ?? cached(
        """
        SELECT o.clock FROM object_index AS i JOIN objects AS o ON o.seq = i.seq
        WHERE i.type = 'subscription' AND i.key = '_items' AND i.value = ? AND o.clock IS NOT NULL
        """, String.self, [id])
  }

  var hasClocks: Bool {
    get throws {
      try cached("SELECT 1 FROM objects WHERE clock IS NOT NULL LIMIT 1", Int.self, []) != nil
    }
  }

  /// The test clocks on which something is to be done: they advance, or something fell due at the
  /// very moment at which they stand.
  func clocksToRun() throws -> [JSONObject] {
    guard try hasClocks else { return [] }
    let sql = """
      SELECT c.json FROM objects AS c WHERE c.type = ? AND c.deleted = 0
        AND (json_extract(c.json, '$.status') = 'advancing'
          OR (json_extract(c.json, '$.status') = 'ready' AND EXISTS (
            SELECT 1 FROM objects AS o
            WHERE o.clock = c.id AND o.due <= json_extract(c.json, '$.frozen_time'))))
      ORDER BY c.seq
      """
    return try String.fetchAll(
      database.cachedStatement(sql: sql), arguments: [TestClocks.type]
    ).map(Self.parsed)
  }

  /// Puts a customer on a clock, and everything that says whose it is.
  func move(customer: String, toClock clock: String) throws {
    try execute(
      """
      UPDATE objects SET clock = ?
      WHERE id = ? OR json_extract(json, '$.customer') = ? OR json_extract(json, '$.invoice') IN (
        SELECT id FROM objects WHERE type = 'invoice' AND json_extract(json, '$.customer') = ?)
      """, [clock, customer, customer, customer])
  }
}
