import Basics
import BillingCore
import Stripe

struct TrialEnd: Command {
  static let name = "trial end"
  static let summary = "End a running trial now, and bill"
  static let discussion = """
    The first period begins now and is paid at once. Where the payment does not succeed (exit 6) the
    trial goes on as before.
    """
  static let parameters: [Parameter] = [.customer]
  static let examples = ["trial ada@example.com end"]

  var reference: CustomerReference

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite("end the trial of \(reference.text) now")
    return try await FirstPayment.requiringMethod(of: reference) {
      try await SubscriptionChange(reference: reference).run(
        context, meaning: SubscriptionPlanning.trialEnding(ofCustomer:)
      ) { subscription in
        try SubscriptionPlanning.endTrial(subscription)
      }
    }
  }
}
