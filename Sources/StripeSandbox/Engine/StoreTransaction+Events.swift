import Basics
import GRDB

extension StoreTransaction {
  func insertEvent(id: String, type: String, created: Timestamp, body: String) throws {
    try execute(
      """
      INSERT INTO events (sequence, id, type, created, json)
      VALUES ((SELECT coalesce(max(sequence), 0) + 1 FROM events), ?, ?, ?, ?)
      """, [id, type, created.seconds, body])
  }

  func event(id: String) throws -> JSONObject? {
    try cached("SELECT json FROM events WHERE id = ?", String.self, [id]).map(Self.parsed)
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

  /// The events of a page, newest first (oldest first after a sequence number). A type may end in
  /// `.*`.
  func events(_ query: ObjectQuery, types: [String]) throws -> [JSONObject] {
    var sql = "SELECT json FROM events WHERE created BETWEEN ? AND ?"
    var arguments: [any DatabaseValueConvertible] = [query.created.from, query.created.to]
    if !types.isEmpty {
      let tests = types.map { $0.hasSuffix("*") ? "substr(type, 1, ?) = ?" : "type = ?" }
      sql += " AND (" + tests.joined(separator: " OR ") + ")"
      for type in types where type.hasSuffix("*") || !type.isEmpty {
        if type.hasSuffix("*") { arguments.append(type.unicodeScalars.count - 1) }
        arguments.append(type.hasSuffix("*") ? String(type.dropLast()) : type)
      }
    }
    if let before = query.before {
      sql += " AND sequence < ?"
      arguments.append(before)
    }
    if let after = query.after {
      sql += " AND sequence > ?"
      arguments.append(after)
    }
    sql += " ORDER BY sequence \(query.after == nil ? "DESC" : "ASC")"
    if let limit = query.limit { sql += " LIMIT \(limit)" }
    return try String.fetchAll(database, sql: sql, arguments: StatementArguments(arguments))
      .map(Self.parsed)
  }
}
