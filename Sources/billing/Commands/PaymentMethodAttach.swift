import BillingCore

struct PaymentMethodAttach: Command {
  static let name = "payment-method attach"
  static let summary = "Give a customer a payment method"
  static let discussion = """
    PM is a payment method that a page of yours or of Stripe's made from a card; with a test key and
    in the sandbox also the name of a test card (pm_card_visa). With --default it becomes what the
    next bill is charged to: the customer's default, and that of the running subscription where it
    has one of its own. billing invoice retry then pays what is open.
    """
  static let parameters: [Parameter] = [
    .customer, .paymentMethod, .flag("--default", "Charge it from now on"),
  ]
  static let examples = ["payment-method attach ada@example.com pm_card_visa --default"]

  var reference: CustomerReference
  var id: String
  var isDefault: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    id = try arguments.paymentMethodID()
    isDefault = arguments.flag("--default")
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite("attach \(id) to \(reference.text)")
    let change = PaymentMethodChange(context: context)
    let customer = try await context.directory().customer(reference)
    let earlier = try await context.settleEarlier(
      PaymentMethodPlanning.attachment(of: id, to: customer.id, isDefault: isDefault))
    if let done = earlier.result {
      return try await change.report(of: done, naming: id, closing: closing)
    }
    let plan = try PaymentMethodPlanning.attach(
      id, await change.method(id), to: await change.owner(customer), isDefault: isDefault)
    return try await change.carryOut(plan, after: earlier, of: id, closing: closing)
  }

  private func closing(_ card: String) -> String {
    isDefault
      ? "\(reference.text) is charged with \(card) from now on."
      : "\(reference.text) has \(card) now."
  }
}
