import Basics
import BillingCore
import Stripe

struct Resume: Command {
  static let name = "resume"
  static let summary = "Take back what is pending, or end a standstill"
  static let discussion = """
    A subscription that was cancelled, or was to change, at the end of its period goes on as before.
    One that stands still (paused, as when a trial ended without a payment method) begins a new
    period, whose bill is due at once; while that is not paid it stands still, with exit 6 and the
    page where the customer can pay. One that has ended cannot be resumed: billing subscribe begins
    a new one.
    """
  static let parameters: [Parameter] = [.customer]
  static let examples = ["resume ada@example.com"]

  var reference: CustomerReference

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite("resume the subscription of \(reference.text)")
    let version = try context.client().configuration
    let report = try await FirstPayment.requiringMethod(of: reference) {
      try await SubscriptionChange(reference: reference).run(
        context, meaning: SubscriptionPlanning.resumption(ofCustomer:)
      ) { subscription in
        try SubscriptionPlanning.resume(subscription, paymentBehavior: version.resumptionBehavior)
      }
    }
    return try await FirstPayment.telling(ofStandstill: report, context)
  }
}
