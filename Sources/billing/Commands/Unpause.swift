import Basics
import BillingCore
import Stripe

struct Unpause: Command {
  static let name = "unpause"
  static let summary = "Collect a customer's invoices again"
  static let discussion = """
    Ends what billing pause began: from the next one on, invoices are collected again. What was
    voided or given up meanwhile stays so.
    """
  static let parameters: [Parameter] = [.customer]
  static let examples = ["unpause ada@example.com"]

  var reference: CustomerReference

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite("collect \(reference.text)'s invoices again")
    return try await SubscriptionChange(reference: reference).run(
      context, meaning: SubscriptionPlanning.unpausing(ofCustomer:)
    ) { subscription in
      try SubscriptionPlanning.unpause(subscription)
    }
  }
}
