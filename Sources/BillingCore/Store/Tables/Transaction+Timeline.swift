import Basics
import Foundation
import GRDB
import Stripe

extension Transaction {
  /// All that is known of what happened to a customer.
  package func past(ofCustomer customerID: String) throws -> CustomerPast {
    CustomerPast(
      operations: try operations(ofCustomer: customerID),
      events: try events(ofCustomer: customerID),
      invoices: try invoiceIDs(customer: customerID, limit: nil).reversed().compactMap(told),
      refunds: try refundIDs(ofCustomer: customerID).compactMap(told),
      changes: try changes(ofCustomer: customerID),
      grants: try ownEntitlements(ofCustomer: customerID).reversed(),
      tokens: try tokenEntriesToTell(ofCustomer: customerID))
  }

  /// An object with what told of it; nil where it is no longer there.
  private func told(_ id: String) throws -> CustomerPast.Told? {
    try storedObject(id).map { CustomerPast.Told(object: $0.json, cause: $0.cause) }
  }

  private func events(ofCustomer customerID: String) throws -> [Event] {
    let statement = try database.cachedStatement(
      sql: "SELECT body FROM events WHERE customer = ? ORDER BY created, rowid")
    return try Data.fetchAll(statement, arguments: [customerID])
      .map { try Event(JSON(parsing: Array($0))) }
  }

  private func refundIDs(ofCustomer customerID: String) throws -> [String] {
    let statement = try database.cachedStatement(
      sql: "SELECT id FROM refunds WHERE customer = ? ORDER BY created, id")
    return try String.fetchAll(statement, arguments: [customerID])
  }

  private static let refundRow = Upsert(
    "refunds", key: "id",
    "id", "customer", "invoice", "charge", "payment_intent", "amount", "currency", "status",
    "reason", "created")

  /// Whose a refund is, where Stripe does not say, is known by the invoice or the tokens that were
  /// paid.
  func putRefund(_ refund: Refund) throws {
    let invoiceID = refund.metadata[RefundPlanning.invoiceMetadataKey]
    let customerID =
      try refund.customerID
      ?? invoiceID.flatMap { try objectJSON($0)?["customer"]?.string }
      ?? refund.paymentIntentID.flatMap { try tokenPurchase(payment: $0)?.customerID }
    try upsert(
      Self.refundRow, refund.id, customerID, invoiceID, refund.chargeID, refund.paymentIntentID,
      refund.amount, refund.currency, refund.status, refund.reason, refund.created)
  }
}
