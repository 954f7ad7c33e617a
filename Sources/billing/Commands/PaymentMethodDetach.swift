import BillingCore
import Stripe

struct PaymentMethodDetach: Command {
  static let name = "payment-method detach"
  static let summary = "Take a payment method from its customer for good"
  static let discussion = """
    It can never be attached again. The one that a running subscription is charged to is kept (exit
    5): make another one the default first. A subscription that ends with its period, with no usage
    left to bill, needs none.
    """
  static let parameters: [Parameter] = [.paymentMethod]
  static let examples = ["payment-method detach pm_1MtHbELkdIwHu7ixl4OzzPMv"]

  var id: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    id = try arguments.paymentMethodID()
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite("detach \(id)")
    let change = PaymentMethodChange(context: context)
    guard let found = try await change.method(id) else {
      throw PaymentMethodConflict.detachedAlready(id: id)
    }
    let earlier = try await context.settleEarlier(
      PaymentMethodPlanning.detachment(of: id, from: found.customerID))
    if earlier.result == nil, let method = try await change.method(id) {
      let plan = try PaymentMethodPlanning.detach(method, from: await owner(of: method, change))
      return try await change.carryOut(plan, after: earlier, of: id, closing: closing)
    }
    return try await change.carryOut(nil, after: earlier, of: id, closing: closing)
  }

  private func owner(
    of method: PaymentMethod, _ change: PaymentMethodChange
  ) async throws -> PaymentMethodOwner? {
    guard let customerID = method.customerID else { return nil }
    return try await change.owner(change.context.directory().customer(.id(customerID)))
  }

  private func closing(_ card: String) -> String { "\(card) is detached for good." }
}
