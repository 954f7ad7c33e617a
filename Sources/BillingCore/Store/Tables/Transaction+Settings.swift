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
    try upsert(table, key: "name", ("name", name), ("value", value))
  }

  /// Writes a row by its key: the columns given, and when; all other columns stay.
  ///
  /// - Parameter fixed: columns that are the same as long as the row exists, so that their indexes
  ///   need not be written again.
  func upsert<each Value: StatementBinding>(
    _ table: String, key: String, fixed: [String] = [],
    _ columns: repeat (name: String, value: each Value)
  ) throws {
    let sql = UpsertText.of(table, key: key, fixed: fixed, repeat each columns)
    try database.cachedStatement(sql: sql).execute(binding: repeat (each columns).value, now)
  }
}

/// The SQL that writes a row by its key. It is put together once a table, since a replay writes
/// hundreds of thousands of rows.
private enum UpsertText {
  private struct Known {
    let columns: [String]
    let sql: String

    func has<each Value>(_ others: repeat (name: String, value: each Value)) -> Bool {
      var place = 0
      for other in repeat each others {
        guard place < columns.count, columns[place] == other.name else { return false }
        place += 1
      }
      return place == columns.count
    }
  }

  private static let known = Mutex<[String: Known]>([:])

  static func of<each Value>(
    _ table: String, key: String, fixed: [String],
    _ columns: repeat (name: String, value: each Value)
  ) -> String {
    if let found = known.withLock({ $0[table] }), found.has(repeat each columns) {
      return found.sql
    }
    var names: [String] = []
    for column in repeat each columns { names.append(column.name) }
    let new = Known(columns: names, sql: text(table, key: key, fixed: fixed, names))
    known.withLock { $0[table] = new }
    return new.sql
  }

  private static func text(
    _ table: String, key: String, fixed: [String], _ names: [String]
  ) -> String {
    let updates = (names + ["updated_at"]).filter { $0 != key && !fixed.contains($0) }
      .map { "\($0) = excluded.\($0)" }
    let places = names.indices.map { "?\($0 + 1)" }
    let time = "?\(names.count + 1)"
    return """
      INSERT INTO \(table) (\(names.joined(separator: ", ")), created_at, updated_at)
      VALUES (\(places.joined(separator: ", ")), \(time), \(time))
      ON CONFLICT (\(key)) DO UPDATE SET \(updates.joined(separator: ", "))
      """
  }
}
