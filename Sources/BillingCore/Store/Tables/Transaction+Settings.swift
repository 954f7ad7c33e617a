import Basics
import GRDB

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
    try upsert(Upsert(table, key: "name", "name", "value"), name, value)
  }
}
