import GRDB

@testable import BillingCore

/// Rows that only tests look at.
extension Transaction {
  func cursorNames() throws -> [String] {
    try String.fetchAll(database, sql: "SELECT name FROM sync_cursors ORDER BY name")
  }

  /// The log of what was handed on of an event, a line a row.
  func forwards(of event: String) throws -> [String] {
    try Row.fetchAll(
      database, sql: "SELECT * FROM event_forwards WHERE event = ? ORDER BY id",
      arguments: [event]
    ).map { row in
      let (attempt, isDelivered, error): (Int, Bool, String?) = (
        row["attempt"], row["delivered"], row["error"]
      )
      return "\(attempt) " + (attempt == 0 ? "asked" : isDelivered ? "delivered" : error ?? "-")
    }
  }

  /// All that is stored of keys, with their hashes in hexadecimal.
  func apiKeyDump() throws -> String {
    try Row.fetchAll(database, sql: "SELECT lower(hex(hash)) AS hashed, * FROM api_keys")
      .map { "\($0)" }.joined(separator: "\n")
  }

  /// What no function of the store would do.
  func run(_ sql: String) throws { try database.execute(sql: sql) }
}
