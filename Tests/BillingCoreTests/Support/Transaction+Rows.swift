import Basics
import GRDB

@testable import BillingCore

/// Rows that only tests look at.
extension Transaction {
  /// Has the database refuse invoices of a total, after what stands before them is written.
  func refuseInvoices(of total: Int) throws {
    try database.execute(
      sql: """
        CREATE TRIGGER refused AFTER INSERT ON invoices WHEN NEW.total = \(total)
        BEGIN SELECT RAISE(ABORT, 'no such total'); END
        """)
  }

  func acceptInvoices() throws { try database.execute(sql: "DROP TRIGGER refused") }

  /// Lets the file grow no more, as a disk that is full.
  func fillDisk() throws {
    let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
    try database.execute(sql: "PRAGMA max_page_count = \(pages)")
  }

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

extension Transaction {
  /// The columns of a row as words; an object's JSON as it is known, wherever it stands.
  func words(of row: Row, without left: Set<String>) throws -> [String] {
    try row.filter { !left.contains($0.0) }.map { name, value in
      guard name == "json" else { return "\(name)=\(value)" }
      return "json=\(try objectJSON(row["id"])?.compact ?? "")"
    }
  }
}
