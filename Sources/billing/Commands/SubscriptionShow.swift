import Basics
import BillingCore

struct SubscriptionShow: Command {
  static let name = "subscription show"
  static let summary = "Show a customer's subscription"
  static let discussion = """
    The one that runs; else the one whose first payment is open; else the last one that ended.
    Reads Stripe; with --local the mirror.
    """
  static let parameters: [Parameter] = [.customer]
  static let examples = ["subscription show ada@example.com"]

  var reference: CustomerReference

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
  }

  func run(_ context: Context) async throws -> ObjectReport {
    let customer = try await context.directory().customer(reference)
    let subscriptions = try await context.subscriptions(of: customer.id)
    guard let subscription = SubscriptionPlanning.current(subscriptions) ?? subscriptions.first
    else {
      throw CommandError.notFound(
        "\(reference.text) has no subscription", hint: "billing subscribe begins one")
    }
    return SubscriptionView.report(
      SubscriptionView.json(subscription, try context.catalogueForNames()))
  }
}
