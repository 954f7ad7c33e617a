import BillingCore

struct PaymentMethodDefault: Command {
  static let name = "payment-method default"
  static let summary = "Choose the payment method that a customer is charged with"
  static let discussion = """
    Makes it the customer's default, and that of the running subscription where it has one of its
    own, so that it is the one that is charged.
    """
  static let parameters: [Parameter] = [.customer, .paymentMethod]
  static let examples = ["payment-method default ada@example.com pm_1MtHbELkdIwHu7ixl4OzzPMv"]

  var reference: CustomerReference
  var id: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    id = try arguments.paymentMethodID()
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite("charge \(reference.text) with \(id)")
    let change = PaymentMethodChange(context: context)
    let customer = try await context.directory().customer(reference)
    let earlier = try await context.settleEarlier(
      PaymentMethodPlanning.choice(of: id, by: customer.id))
    if let done = earlier.result {
      return try await change.report(of: done, naming: id, closing: closing)
    }
    guard let method = try await change.method(id) else {
      throw PaymentMethodConflict.notAttached(id: id, customerID: customer.id)
    }
    let plan = try PaymentMethodPlanning.makeDefault(method, of: await change.owner(customer))
    return try await change.carryOut(plan, after: earlier, of: id, closing: closing)
  }

  private func closing(_ card: String) -> String {
    "\(reference.text) is charged with \(card) from now on."
  }
}
