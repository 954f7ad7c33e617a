import Basics
import GRDB

extension StoreTransaction {
  /// - Parameter clock: the test clock on which it happened.
  func insertEvent(
    id: String, type: String, created: Timestamp, clock: String?, body: String
  ) throws {
    try execute(
      """
      INSERT INTO events (sequence, id, type, created, clock, json)
      VALUES ((SELECT coalesce(max(sequence), 0) + 1 FROM events), ?, ?, ?, ?, ?)
      """, [id, type, created.seconds, clock, body])
  }

  /// - Parameter oldest: what happened on the sandbox's clock before this moment is not found.
  func event(id: String, since oldest: Timestamp) throws -> JSONObject? {
    try cached(
      "SELECT json FROM events WHERE id = ? AND (clock IS NOT NULL OR created >= ?)",
      String.self, [id, oldest.seconds]
    ).map(Self.parsed)
  }

  func eventSequence(id: String) throws -> Int64? {
    try cached("SELECT sequence FROM events WHERE id = ?", Int64.self, [id])
  }

  /// The number of the newest event; 0 where there is none.
  func lastEventSequence() throws -> Int64 {
    try Int64.fetchOne(database, sql: "SELECT max(sequence) FROM events") ?? 0
  }

  func events(after sequence: Int64, limit: Int) throws -> [SandboxEvent] {
    try Row.fetchAll(
      database,
      sql: "SELECT sequence, json FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?",
      arguments: [sequence, limit]
    ).map { SandboxEvent(sequence: $0[0], body: Array(($0[1] as String).utf8)) }
  }

  /// How many there are of each type after a sequence number, in the order of their first.
  func eventCounts(after sequence: Int64) throws -> [(type: String, count: Int64)] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT type, count(*) FROM events WHERE sequence > ? GROUP BY type ORDER BY min(sequence)
        """, arguments: [sequence]
    ).map { ($0[0], $0[1]) }
  }

  /// The events of a page, newest first (oldest first after a sequence number). A type may end in
  /// `.*`.
  ///
  /// - Parameters:
  ///   - isDelivered: whether all endpoints have got it; nil where that does not matter.
  ///   - oldest: what happened on the sandbox's clock before this moment is left out.
  func events(
    _ query: ObjectQuery, types: [String], isDelivered: Bool?, since oldest: Timestamp
  ) throws -> [JSONObject] {
    var sql = """
      SELECT json FROM events
      WHERE created BETWEEN ? AND ? AND (clock IS NOT NULL OR created >= ?)
      """
    var arguments: [any DatabaseValueConvertible] = [
      query.created.from, query.created.to, oldest.seconds,
    ]
    if let isDelivered {
      sql += """
         AND \(isDelivered ? "NOT " : "")EXISTS (
          SELECT 1 FROM deliveries AS d WHERE d.event = events.id AND d.endpoint GLOB 'we_*'
          GROUP BY d.endpoint HAVING max(d.state = 'delivered') = 0)
        """
    }
    if !types.isEmpty {
      let tests = types.map { $0.hasSuffix("*") ? "substr(type, 1, ?) = ?" : "type = ?" }
      sql += " AND (" + tests.joined(separator: " OR ") + ")"
      for type in types {
        if type.hasSuffix("*") { arguments.append(type.unicodeScalars.count - 1) }
        arguments.append(type.hasSuffix("*") ? String(type.dropLast()) : type)
      }
    }
    let page = query.page(by: "sequence")
    sql += page.sql
    arguments += page.arguments
    return try String.fetchAll(database, sql: sql, arguments: StatementArguments(arguments))
      .map(Self.parsed)
  }
}
