import Basics
import BillingCore
import Stripe

struct InvoicePreview: Command {
  static let name = "invoice preview"
  static let summary = "Show the next invoice of a customer's subscription"
  static let discussion = """
    As Stripe would make it if nothing changes until then: what waits, the next period, and what was
    used. It exists only in this answer.
    """
  static let parameters: [Parameter] = [.customer]
  static let examples = ["invoice preview ada@example.com"]

  var reference: CustomerReference

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
  }

  func run(_ context: Context) async throws -> InvoiceReport {
    try context.requireStripe()
    let customer = try await context.directory().customer(reference)
    guard
      let subscription = SubscriptionPlanning.running(
        try await context.subscriptions(of: customer.id))
    else { throw SubscriptionConflict.noSubscription(customerID: customer.id) }
    guard let invoice = try await context.gateway().upcomingInvoice(of: subscription) else {
      throw CommandError.conflict(
        "invalid_state", "no invoice is to come for \(subscription.id)",
        hint: "billing subscription show tells when it ends")
    }
    let meters = try await context.gateway().meters(
      ofPrices: invoice.lines.compactMap { $0.priceID }, in: try context.catalogueForNames())
    return InvoiceReport(invoice, settlement: Self.settlement(of: invoice), meters: meters)
  }

  /// What leads from the total to what is due, where that is another amount.
  private static func settlement(of invoice: Invoice) -> [Field] {
    guard invoice.amountDue != invoice.total else { return [] }
    let change = MoneyText.of(invoice.amountDue &- invoice.total, invoice.currency)
    return [
      Field("balance", "\(change)  \(invoice.balanceWords)"),
      Field("due", MoneyText.of(invoice.amountDue, invoice.currency)),
    ]
  }
}
