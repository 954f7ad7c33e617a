import Basics
import GRDB
import Stripe

extension Transaction {
  private static let invoiceRow = Upsert(
    "invoices", key: "id", fixed: ["customer", "created"],
    "id", "customer", "subscription", "number", "status", "currency", "subtotal", "total",
    "amount_due", "amount_paid", "amount_remaining", "attempt_count", "next_payment_attempt",
    "period_start", "period_end", "created")

  func putInvoice(_ invoice: Invoice) throws {
    try upsert(
      Self.invoiceRow, invoice.id, invoice.customerID, invoice.subscriptionID, invoice.number,
      invoice.status, invoice.currency, invoice.subtotal, invoice.total, invoice.amountDue,
      invoice.amountPaid, invoice.amountRemaining, invoice.attemptCount, invoice.nextPaymentAttempt,
      invoice.periodStart, invoice.periodEnd, invoice.created)
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

  private static let paymentMethodRow = Upsert(
    "payment_methods", key: "id",
    "id", "customer", "type", "brand", "last4", "exp_month", "exp_year", "created")

  func putPaymentMethod(_ method: PaymentMethod) throws {
    try upsert(
      Self.paymentMethodRow, method.id, method.customerID, method.type, method.card?.brand,
      method.card?.last4, method.card?.expMonth, method.card?.expYear, method.created)
  }

  /// The ids of the payment methods that a customer has, newest first.
  package func paymentMethodIDs(ofCustomer customer: String, limit: Int?) throws -> [String] {
    try String.fetchAll(
      database,
      sql: """
        SELECT id FROM payment_methods WHERE customer = ? ORDER BY created DESC, id DESC LIMIT ?
        """, arguments: [customer, limit ?? -1])
  }

  private static let productRow = Upsert(
    "products", key: "id",
    "id", "name", "active", "deleted")

  func putProduct(_ product: Product) throws {
    try upsert(
      Self.productRow, product.id, product.name, product.isActive, product.isDeleted)
  }

  private static let priceRow = Upsert(
    "prices", key: "id",
    "id", "product", "lookup_key", "currency", "unit_amount", "interval", "interval_count",
    "usage_type", "meter", "active")

  func putPrice(_ price: Price) throws {
    try upsert(
      Self.priceRow, price.id, price.productID, price.lookupKey, price.currency, price.unitAmount,
      price.recurring?.interval.rawValue, price.recurring?.intervalCount,
      price.recurring?.usageType, price.recurring?.meterID, price.isActive)
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
