import Basics
import BillingCore
import Stripe

struct InvoiceRetry: Command {
  static let name = "invoice retry"
  static let summary = "Pay a customer's newest open invoice, as after a new card"
  static let discussion = """
    Charges the payment method that the subscription or the customer has by default, without waiting
    for Stripe's next attempt; a decline is exit 6 and leaves the invoice open. billing
    payment-method attach --default gives the customer a new card first. What an ended subscription
    left open is not charged by this: billing invoice pay names it.
    """
  static let parameters: [Parameter] = [.customer]
  static let examples = ["invoice retry ada@example.com"]

  var reference: CustomerReference

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite("pay the newest open invoice of \(reference.text)")
    let customer = try await context.directory().customer(reference)
    let intent = InvoicePlanning.retry(ofCustomer: customer.id)
    let earlier = try await context.settleEarlier(intent)
    if let done = earlier.result {
      return try await InvoiceChange.report(done.objectID ?? "", context)
    }
    let open = try await context.gateway().list(
      StripePath("invoices"), ["customer": .string(customer.id), "status": "open"])
    let invoice = try InvoicePlanning.toRetry(
      open.objects.map { try Invoice($0) },
      subscriptions: open.objects.isEmpty ? [] : await context.subscriptions(of: customer.id),
      customerID: customer.id)
    var plan = try InvoicePlanning.pay(invoice, isOutOfBand: false, intent: intent)
    plan.journalPosition = earlier.journalPosition
    if context.settings.isDryRun { return .planned(DryRunReport(plan)) }
    return try await FirstPayment.requiringMethod(of: reference) { [plan] in
      _ = try await context.carryOut(plan)
      return try await InvoiceChange.report(invoice.id, context)
    }
  }
}
