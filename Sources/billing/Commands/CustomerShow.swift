import Basics
import BillingCore
import Stripe

struct CustomerShow: Command {
  static let name = "customer show"
  static let summary = "Show one customer, its plan and its balance"
  static let discussion = """
    Reads the customer and its subscriptions from Stripe; with --local from the mirror. The plan is
    the one whose rights hold now; the status is the subscription's, or none.
    """
  static let parameters: [Parameter] = [.customer]
  static let examples = [
    "customer show ada@example.com", "customer show cus_NffrFeUfNV2Hib --json",
  ]

  var reference: CustomerReference

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
  }

  func run(_ context: Context) async throws -> ObjectReport {
    try await Self.report(context.directory().customer(reference), context)
  }

  static func report(_ customer: CustomerRow, _ context: Context) async throws -> ObjectReport {
    let subscriptions = try await context.subscriptions(of: customer.id)
    try await context.readTestClock(of: customer)
    let rows = subscriptions.map {
      SubscriptionRow($0, plan: $0.metadata[Catalogue.planMetadataKey])
    }
    return CustomerView.report(customer, try context.currentPlan(of: customer, rows))
  }
}
