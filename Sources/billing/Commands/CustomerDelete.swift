import Basics
import BillingCore

struct CustomerDelete: Command {
  static let name = "customer delete"
  static let summary = "Delete a customer for good; its subscriptions end at once"
  static let discussion = """
    Stripe deletes the customer, which cannot be undone, and cancels what it is subscribed to at
    once. The mirror keeps its history. Needs a yes.
    """
  static let parameters: [Parameter] = [.customer]
  static let examples = ["customer delete ada@example.com --yes"]

  var reference: CustomerReference

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite("delete the customer \(reference.text)", destroys: true)
    if let done = try await context.settleEarlier(
      CustomerPlanning.deletion(of: reference)).result,
      let customer = try context.store().read({ try $0.customer(done.customerID ?? "") })
    {
      return try report(customer, context)
    }
    let customer = try await context.directory().customer(reference)
    let plan = CustomerPlanning.delete(customer.id, named: reference)
    if context.settings.isDryRun { return .planned(DryRunReport(plan)) }
    _ = try await context.carryOut(plan)
    return try report(customer, context)
  }

  private func report(_ customer: CustomerRow, _ context: Context) throws -> ChangeReport {
    var customer = customer
    customer.isDeleted = true
    let current = CurrentPlan.of(
      try context.store().read { try $0.subscriptions(ofCustomer: customer.id) },
      in: try context.catalogue())
    return .changed(CustomerView.report(customer, current, closing: "deleted"))
  }
}
