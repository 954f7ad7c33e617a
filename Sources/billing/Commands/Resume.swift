import Basics
import BillingCore

struct Resume: Command {
  static let name = "resume"
  static let summary = "Take a pending cancellation or change of plan back"
  static let discussion = """
    A subscription that was cancelled, or was to change, at the end of its period goes on as before.
    One that has ended cannot be resumed: billing subscribe begins a new one.
    """
  static let parameters: [Parameter] = [.customer]
  static let examples = ["resume ada@example.com"]

  var reference: CustomerReference

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite("resume the subscription of \(reference.text)")
    return try await SubscriptionChange(reference: reference).run(
      context, meaning: SubscriptionPlanning.resumption(ofCustomer:)
    ) { subscription in
      try SubscriptionPlanning.resume(subscription)
    }
  }
}
