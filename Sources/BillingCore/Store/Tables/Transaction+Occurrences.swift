import Basics
import GRDB

/// What is known of what happened, where an occurrence depends on it.
extension Transaction {
  /// When the newest event happened that is known; nil where none is.
  func newestEventTime() throws -> Timestamp? {
    try Timestamp.fetchOne(database.cachedStatement(sql: "SELECT max(created) FROM events"))
  }

  func hasTestClocks() throws -> Bool {
    try Bool.fetchOne(
      database.cachedStatement(
        sql: "SELECT EXISTS (SELECT 1 FROM objects WHERE type = 'test_helpers.test_clock')"))
      ?? false
  }

  /// Whether an attempt to pay an invoice is known to have failed.
  func hasFailedPayment(ofInvoice id: String) throws -> Bool {
    let statement = try database.cachedStatement(
      sql: """
        SELECT EXISTS (
          SELECT 1 FROM events WHERE object_id = ? AND type = 'invoice.payment_failed')
        """)
    return try statement.firstRow(binding: id) { try $0[0] } ?? false
  }

  /// Whose a payment method is as far as is known; nil for nobody's.
  func customerID(ofPaymentMethod id: String) throws -> String? {
    try String.fetchOne(
      database.cachedStatement(sql: "SELECT customer FROM payment_methods WHERE id = ?"),
      arguments: [id])
  }
}
