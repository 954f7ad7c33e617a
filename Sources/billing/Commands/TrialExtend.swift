import Basics
import BillingCore
import Stripe

struct TrialExtend: Command {
  static let name = "trial extend"
  static let summary = "Give a running trial more days"
  static let discussion = """
    The trial ends that many days later than it would, and so does the period: the first bill comes
    then. Each run adds its days; with --idempotency-key one that is repeated adds them once. A
    trial ends at most two years from now.
    """
  static let parameters: [Parameter] = [
    .customer, .option("--days", "N", "How many days more"),
  ]
  static let examples = ["trial ada@example.com extend --days 7"]

  var reference: CustomerReference
  var days: Int64

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    guard let days = try arguments.integer("--days", in: 1...730) else {
      throw arguments.error("--days is missing")
    }
    self.days = days
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite(
      "extend the trial of \(reference.text) by \(days) \(days == 1 ? "day" : "days")")
    let intent = { (customerID: String) in
      SubscriptionPlanning.trialExtension(ofCustomer: customerID, days: days)
    }
    return try await SubscriptionChange(reference: reference).run(context, meaning: intent) {
      subscription in
      try SubscriptionPlanning.extendTrial(
        subscription, days: days, now: try await context.now(of: subscription))
    }
  }
}
