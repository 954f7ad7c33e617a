import Basics
import GRDB

/// Objects, events, kept answers and settings, inside one transaction.
struct StoreTransaction {
  let database: Database

  /// Runs `body` so that an error which escapes it leaves nothing behind.
  func atomically<Value>(_ body: () throws -> Value) throws -> Value {
    var value: Value?
    try database.inSavepoint {
      value = try body()
      return .commit
    }
    guard let value else { throw SandboxError.unexpected }
    return value
  }

  /// Runs `body` and takes back all that it wrote: for looking at what would be.
  func withoutTrace<Value>(_ body: () throws -> Value) throws -> Value {
    var value: Value?
    try database.inSavepoint {
      value = try body()
      return .rollback
    }
    guard let value else { throw SandboxError.unexpected }
    return value
  }
}

// MARK: Objects

extension StoreTransaction {
  func object(type: String, id: String) throws -> JSONObject? {
    let text = try cached(
      "SELECT json FROM objects WHERE type = ? AND id = ?", String.self, [type, id])
    return try text.map(Self.parsed)
  }

  /// The place of an object in the order of creation; nil where there is none.
  func sequence(type: String, id: String) throws -> Int64? {
    try cached("SELECT seq FROM objects WHERE type = ? AND id = ?", Int64.self, [type, id])
  }

  /// - Parameters:
  ///   - clock: the test clock on which it lives.
  ///   - now: the time there; what should have been done before falls due now.
  func insert(
    _ object: JSONObject, type: ResourceType, clock: String?, now: Timestamp
  ) throws {
    try execute(
      """
      INSERT INTO objects (type, id, created, json, clock, due, turn) VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      [
        type.name, object["id"]?.string ?? "", object["created"]?.integer ?? 0,
        JSON.object(object).compact, clock, type.due?.moment(object).map { max($0, now).seconds },
        type.due?.turn.rawValue ?? 0,
      ])
    try index(object, type: type, sequence: database.lastInsertedRowID, isNew: true)
  }

  func update(
    _ object: JSONObject, type: ResourceType, now: Timestamp = .earliest
  ) throws {
    let id = object["id"]?.string ?? ""
    guard let sequence = try sequence(type: type.name, id: id) else {
      throw SandboxError.unexpected
    }
    let isDeleted = object["deleted"] == true
    try execute(
      "UPDATE objects SET json = ?, deleted = ?, due = ?, turn = ? WHERE seq = ?",
      [
        JSON.object(object).compact, isDeleted ? 1 : 0,
        isDeleted ? nil : type.due?.moment(object).map { max($0, now).seconds },
        type.due?.turn.rawValue ?? 0,
        sequence,
      ])
    try index(object, type: type, sequence: sequence)
  }

  /// Stores every object again, so that what is noted beside it is there in an older file, too.
  func refresh(_ type: (String) -> ResourceType) throws {
    for object in try String.fetchAll(database, sql: "SELECT json FROM objects").map(Self.parsed) {
      try update(object, type: type(object["object"]?.string ?? ""))
    }
  }

  func delete(type: String, id: String) throws {
    guard let sequence = try sequence(type: type, id: id) else { return }
    try execute("DELETE FROM object_index WHERE seq = ?", [sequence])
    try execute("DELETE FROM objects WHERE seq = ?", [sequence])
  }

  /// Notes what lists filter on; what stands there already is left alone.
  private func index(
    _ object: JSONObject, type: ResourceType, sequence: Int64, isNew: Bool = false
  ) throws {
    guard !type.indexed.isEmpty else { return }
    let wanted = Set(
      type.indexed.flatMap { path -> [[String]] in
        let value = JSON.object(object)[path: path.split(separator: ".").map(String.init)]
        return (value?.array ?? [value ?? .null]).compactMap(Self.indexText).map { [path, $0] }
      })
    let noted = isNew ? [] : try indexed(sequence)
    for entry in noted.subtracting(wanted) {
      try execute(
        "DELETE FROM object_index WHERE type = ? AND key = ? AND value = ? AND seq = ?",
        [type.name, entry[0], entry[1], sequence])
    }
    for entry in wanted.subtracting(noted) {
      try execute(
        "INSERT INTO object_index (type, key, value, seq) VALUES (?, ?, ?, ?)",
        [type.name, entry[0], entry[1], sequence])
    }
  }

  /// What stands in the index of an object, each with its key.
  private func indexed(_ sequence: Int64) throws -> Set<[String]> {
    let statement = try database.cachedStatement(
      sql: "SELECT key, value FROM object_index WHERE seq = ?")
    return Set(try Row.fetchAll(statement, arguments: [sequence]).map { [$0[0], $0[1]] })
  }

  /// How a value stands in the index: an expanded object by its id, null not at all.
  static func indexText(_ value: JSON) -> String? {
    switch value {
    case .null: nil
    case .string(let text): text
    case .object(let object): object["id"]?.string
    default: value.compact
    }
  }

  static func parsed(_ text: String) throws -> JSONObject {
    guard let object = try JSON(parsing: text).object else { throw SandboxError.unexpected }
    return object
  }
}

// MARK: Queries

extension StoreTransaction {
  func objects(_ query: ObjectQuery) throws -> [JSONObject] {
    var sql = "SELECT o.json FROM objects AS o WHERE o.type = ? AND o.deleted = 0"
    var arguments: [any DatabaseValueConvertible] = [query.type]
    var place = "o.seq"
    if let (key, value) = try narrowest(of: query) {
      // The index is walked, not all objects of the type.
      sql = """
        SELECT o.json FROM object_index AS d CROSS JOIN objects AS o ON o.seq = d.seq
        WHERE d.type = ? AND d.key = ? AND d.value = ? AND o.deleted = 0
        """
      arguments += [key, value]
      place = "d.seq"
    }
    for (key, values) in query.conditions {
      let texts = values.compactMap(Self.indexText)
      let marks = Array(repeating: "?", count: texts.count).joined(separator: ", ")
      sql += """
         AND EXISTS (SELECT 1 FROM object_index AS i WHERE i.type = o.type AND i.key = ? \
        AND i.value IN (\(marks)) AND i.seq = o.seq)
        """
      arguments += [key] + texts
    }
    if !query.includesClocks { sql += " AND o.clock IS NULL" }
    if query.created.from > .min || query.created.to < .max {
      sql += " AND o.created BETWEEN ? AND ?"
      arguments += [query.created.from, query.created.to]
    }
    let page = query.page(by: place)
    sql += page.sql
    arguments += page.arguments
    return try String.fetchAll(
      database.cachedStatement(sql: sql), arguments: StatementArguments(arguments)
    ).map(Self.parsed)
  }

  /// The objects of a type in whose JSON a text stands: for what no list filters on.
  func objects(type: String, containing text: String) throws -> [JSONObject] {
    let statement = try database.cachedStatement(
      sql: "SELECT json FROM objects WHERE type = ? AND deleted = 0 AND instr(json, ?) > 0")
    return try String.fetchAll(statement, arguments: [type, text]).map(Self.parsed)
  }

  /// The condition that the fewest objects satisfy, of those that ask for one value.
  private func narrowest(of query: ObjectQuery) throws -> (key: String, value: String)? {
    let candidates = query.conditions.compactMap { key, values -> (key: String, value: String)? in
      guard values.count == 1, let text = Self.indexText(values[0]) else { return nil }
      return (key, text)
    }
    guard candidates.count > 1 else { return candidates.first }
    let sql = """
      SELECT count(*) FROM (
        SELECT 1 FROM object_index WHERE type = ? AND key = ? AND value = ? LIMIT 100)
      """
    let counted = try candidates.map { candidate in
      (candidate, try cached(sql, Int.self, [query.type, candidate.key, candidate.value]) ?? 0)
    }
    return counted.min { $0.1 < $1.1 }?.0
  }

  /// How many objects there are of each type that has any, in the order of the types' names.
  func counts() throws -> [(type: String, count: Int)] {
    try Row.fetchAll(
      database,
      sql: "SELECT type, count(*) FROM objects WHERE deleted = 0 GROUP BY type ORDER BY type"
    ).map { ($0[0], $0[1]) }
  }

  /// The objects made last, of whatever type, newest first.
  func latest(limit: Int) throws -> [JSONObject] {
    try String.fetchAll(
      database, sql: "SELECT json FROM objects WHERE deleted = 0 ORDER BY seq DESC LIMIT ?",
      arguments: [limit]
    ).map(Self.parsed)
  }
}

// MARK: Kept answers and settings

extension StoreTransaction {
  func keptAnswer(account: String, key: String) throws -> KeptAnswer? {
    try Row.fetchOne(
      database,
      sql: """
        SELECT fingerprint, endpoint, status, request_id, body FROM idempotency_keys
        WHERE account = ? AND key = ?
        """, arguments: [account, key]
    ).map {
      KeptAnswer(
        fingerprint: $0[0], endpoint: $0[1], status: $0[2], requestID: $0[3], body: $0[4])
    }
  }

  func keep(_ answer: KeptAnswer, account: String, key: String, now: Timestamp) throws {
    try execute(
      """
      INSERT INTO idempotency_keys
        (account, key, fingerprint, endpoint, status, request_id, body, created)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        account, key, answer.fingerprint, answer.endpoint, answer.status, answer.requestID,
        answer.body, now.seconds,
      ])
  }

  func forgetAnswers(before moment: Timestamp) throws {
    try execute("DELETE FROM idempotency_keys WHERE created <= ?", [moment.seconds])
  }

  /// All settings by their names.
  func settings() throws -> [String: String] {
    let statement = try database.cachedStatement(sql: "SELECT name, value FROM settings")
    return Dictionary(uniqueKeysWithValues: try Row.fetchAll(statement).map { ($0[0], $0[1]) })
  }

  func setting(_ name: String) throws -> String? {
    try cached("SELECT value FROM settings WHERE name = ?", String.self, [name])
  }

  func set(_ name: String, to value: String) throws {
    try execute(
      """
      INSERT INTO settings (name, value) VALUES (?, ?)
      ON CONFLICT (name) DO UPDATE SET value = excluded.value
      """, [name, value])
  }
}

// MARK: Statements

extension StoreTransaction {
  func execute(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?]) throws {
    let statement = try database.cachedStatement(sql: sql)
    try statement.execute(arguments: StatementArguments(arguments))
  }

  func cached<Value: DatabaseValueConvertible>(
    _ sql: String, _ type: Value.Type, _ arguments: [any DatabaseValueConvertible]
  ) throws -> Value? {
    let statement = try database.cachedStatement(sql: sql)
    return try Value.fetchOne(statement, arguments: StatementArguments(arguments))
  }
}
