import Basics
import GRDB
import Stripe

extension Transaction {
  func putInvoice(_ invoice: Invoice) throws {
    try upsert(
      "invoices", key: "id", fixed: ["customer", "created"],
      ("id", invoice.id), ("customer", invoice.customerID),
      ("subscription", invoice.subscriptionID), ("number", invoice.number),
      ("status", invoice.status), ("currency", invoice.currency), ("subtotal", invoice.subtotal),
      ("total", invoice.total), ("amount_due", invoice.amountDue),
      ("amount_paid", invoice.amountPaid), ("amount_remaining", invoice.amountRemaining),
      ("attempt_count", invoice.attemptCount), ("next_payment_attempt", invoice.nextPaymentAttempt),
      ("period_start", invoice.periodStart), ("period_end", invoice.periodEnd),
      ("created", invoice.created))
  }

  /// A draft that was deleted never was a bill.
  func removeInvoice(_ id: String) throws {
    try database.execute(sql: "DELETE FROM invoices WHERE id = ?", arguments: [id])
  }

  /// The ids of invoices, newest first; of one customer where one is given.
  package func invoiceIDs(customer: String?, limit: Int?) throws -> [String] {
    let order = "ORDER BY created DESC, id DESC LIMIT ?"
    if let customer {
      return try String.fetchAll(
        database, sql: "SELECT id FROM invoices WHERE customer = ? \(order)",
        arguments: [customer, limit ?? -1])
    }
    return try String.fetchAll(
      database, sql: "SELECT id FROM invoices \(order)", arguments: [limit ?? -1])
  }

  func putPaymentMethod(_ method: PaymentMethod) throws {
    try upsert(
      "payment_methods", key: "id",
      ("id", method.id), ("customer", method.customerID), ("type", method.type),
      ("brand", method.card?.brand), ("last4", method.card?.last4),
      ("exp_month", method.card?.expMonth), ("exp_year", method.card?.expYear),
      ("created", method.created))
  }

  /// The ids of the payment methods that a customer has, newest first.
  package func paymentMethodIDs(ofCustomer customer: String, limit: Int?) throws -> [String] {
    try String.fetchAll(
      database,
      sql: """
        SELECT id FROM payment_methods WHERE customer = ? ORDER BY created DESC, id DESC LIMIT ?
        """, arguments: [customer, limit ?? -1])
  }

  func putProduct(_ product: Product) throws {
    try upsert(
      "products", key: "id",
      ("id", product.id), ("name", product.name), ("active", product.isActive),
      ("deleted", product.isDeleted))
  }

  func putPrice(_ price: Price) throws {
    try upsert(
      "prices", key: "id",
      ("id", price.id), ("product", price.productID), ("lookup_key", price.lookupKey),
      ("currency", price.currency), ("unit_amount", price.unitAmount),
      ("interval", price.recurring?.interval.rawValue),
      ("interval_count", price.recurring?.intervalCount),
      ("usage_type", price.recurring?.usageType), ("meter", price.recurring?.meterID),
      ("active", price.isActive))
  }

  func markProductDeleted(_ id: String) throws {
    try database.execute(
      sql: "UPDATE products SET deleted = 1, active = 0, updated_at = ? WHERE id = ?",
      arguments: [now, id])
  }

  func markPriceDeleted(_ id: String) throws {
    try database.execute(
      sql: "UPDATE prices SET active = 0, updated_at = ? WHERE id = ?", arguments: [now, id])
  }

  /// The ids of active prices by their lookup keys.
  package func activePriceIDs() throws -> [String: String] {
    try Row.fetchAll(
      database, sql: "SELECT lookup_key, id FROM prices WHERE lookup_key IS NOT NULL AND active"
    ).reduce(into: [:]) { $0[$1["lookup_key"]] = $1["id"] }
  }
}
