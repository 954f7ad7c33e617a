import Basics
import GRDB
import Synchronization

/// The facts that the file keeps about itself.
package enum Setting: String, Sendable {
  case mode
  case account
  /// Hash of the key under which the account was last read, so that it is asked once a key.
  case accountKeyFingerprint = "account_key_fingerprint"
  /// When `db backup` last made a whole copy, in unix seconds of the machine's clock.
  case lastBackupAt = "last_backup_at"
}

extension Transaction {
  package func setting(_ setting: Setting) throws -> String? {
    try value(of: setting.rawValue, in: "settings")
  }

  package func set(_ setting: Setting, to value: String) throws {
    try put(value, as: setting.rawValue, in: "settings")
  }

  package func cursor(_ name: String) throws -> String? {
    try value(of: name, in: "sync_cursors")
  }

  package func setCursor(_ name: String, to value: String) throws {
    try put(value, as: name, in: "sync_cursors")
  }

  func removeCursor(_ name: String) throws {
    try database.cachedStatement(sql: "DELETE FROM sync_cursors WHERE name = ?")
      .execute(arguments: [name])
  }

  /// The values of all cursors whose names begin so, by the rest of their names.
  func cursors(startingWith prefix: String) throws -> [String: String] {
    let rows = try Row.fetchAll(
      database, sql: "SELECT name, value FROM sync_cursors WHERE substr(name, 1, ?) = ?",
      arguments: [prefix.count, prefix])
    return rows.reduce(into: [:]) { cursors, row in
      cursors[String((row[0] as String).dropFirst(prefix.count))] = row[1]
    }
  }

  func removeCursors(startingWith prefix: String) throws {
    try database.execute(
      sql: "DELETE FROM sync_cursors WHERE substr(name, 1, ?) = ?",
      arguments: [prefix.count, prefix])
  }

  /// What the last preview of a change of a subscription was about, so that the change that follows
  /// it counts from the same moment.
  package func preview(ofSubscription id: String) throws -> String? {
    try value(of: "preview \(id)", in: "settings")
  }

  package func setPreview(ofSubscription id: String, to value: String) throws {
    try put(value, as: "preview \(id)", in: "settings")
  }

  private func value(of name: String, in table: String) throws -> String? {
    try String.fetchOne(
      database.cachedStatement(sql: "SELECT value FROM \(table) WHERE name = ?"),
      arguments: [name])
  }

  private func put(_ value: String, as name: String, in table: String) throws {
    try upsert(table, key: "name", ["name": name, "value": value])
  }

  /// Writes a row by its key: the columns given, and when; all other columns stay.
  func upsert(
    _ table: String, key: String, _ columns: KeyValuePairs<String, (any DatabaseValueConvertible)?>
  ) throws {
    let statement = try database.cachedStatement(
      sql: UpsertText.of(table, key: key, columns.map { $0.key }))
    var values: [DatabaseValue] = []
    values.reserveCapacity(columns.count + 2)
    for column in columns { values.append(column.value?.databaseValue ?? .null) }
    values += [now.databaseValue, now.databaseValue]
    try statement.execute(arguments: StatementArguments(values))
  }
}

/// The SQL that writes a row by its key. It is put together once a table, since a replay writes
/// hundreds of thousands of rows.
private enum UpsertText {
  private struct Known {
    let columns: [String]
    let sql: String
  }

  private static let known = Mutex<[String: Known]>([:])

  static func of(_ table: String, key: String, _ columns: [String]) -> String {
    known.withLock { known in
      if let found = known[table], found.columns == columns { return found.sql }
      let sql = text(table, key: key, columns + ["created_at", "updated_at"])
      known[table] = Known(columns: columns, sql: sql)
      return sql
    }
  }

  private static func text(_ table: String, key: String, _ names: [String]) -> String {
    let updates = names.filter { $0 != key && $0 != "created_at" }.map { "\($0) = excluded.\($0)" }
    return """
      INSERT INTO \(table) (\(names.joined(separator: ", ")))
      VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
      ON CONFLICT (\(key)) DO UPDATE SET \(updates.joined(separator: ", "))
      """
  }
}
