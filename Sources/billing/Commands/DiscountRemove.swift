import Basics
import BillingCore
import Stripe

struct DiscountRemove: Command {
  static let name = "discount remove"
  static let summary = "Take the discount of a running subscription away"
  static let discussion = """
    The next invoice is the first without it, also where a change of plan is pending. A coupon that
    may be redeemed a number of times does not get this one back.
    """
  static let parameters: [Parameter] = [.customer]
  static let examples = ["discount remove ada@example.com"]

  var reference: CustomerReference

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite("take the discount of \(reference.text) away")
    return try await SubscriptionChange(reference: reference).run(
      context, meaning: SubscriptionPlanning.undiscounting(ofCustomer:)
    ) { subscription in
      try SubscriptionPlanning.removeDiscounts(subscription)
    }
  }
}
