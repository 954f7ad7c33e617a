import Basics
import BillingCore
import Stripe

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
    let earlier = try await context.settleEarlier(CustomerPlanning.deletion(of: reference))
    if let done = earlier.result,
      let customer = try context.store().read({ try $0.customer(done.customerID ?? "") })
    {
      return try await report(customer, context)
    }
    let customer = try await context.directory().customer(reference)
    let plan = CustomerPlanning.delete(customer.id, named: reference)
    if context.settings.isDryRun { return .planned(DryRunReport(plan)) }
    _ = try await context.carryOut(plan)
    return try await report(customer, context)
  }

  private func report(
    _ customer: CustomerRow, _ context: Context
  ) async throws -> ChangeReport {
    var customer = customer
    customer.isDeleted = true
    let ended = try await ended(customer.id, context)
    return .changed(
      CustomerView.report(
        customer, try context.currentPlan(of: customer, ended),
        closing: "\(reference.text) is deleted; what it was subscribed to has ended."))
  }

  /// What the customer was subscribed to, as Stripe has it now; where Stripe does not tell, as the
  /// mirror has it, with the end that the deletion brought.
  private func ended(
    _ customerID: String, _ context: Context
  ) async throws -> [SubscriptionRow] {
    do {
      let found = try await context.gateway().list(
        StripePath("subscriptions"), ["customer": .string(customerID), "status": "all"])
      return try found.objects.map { SubscriptionRow(try Subscription($0), plan: nil) }
    } catch is StripeError {
      let rows = try context.store().read { try $0.subscriptions(ofCustomer: customerID) }
      return rows.map { row in
        var row = row
        row.status = "canceled"
        return row
      }
    }
  }
}
