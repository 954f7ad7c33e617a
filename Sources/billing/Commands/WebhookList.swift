import Basics
import BillingCore

struct WebhookList: Command {
  static let name = "webhook list"
  static let summary = "List the events in the inbox"
  static let discussion = """
    The newest first, by Stripe's clock, without asking Stripe. pending: received and not yet
    applied; processed: applied; ignored: kept, but nothing here has to do with it; failed: it could
    not be applied. The options narrow the list down together.
    """
  static let parameters: [Parameter] =
    [
      .option(
        "--status", "S", "In this state",
        choices: InboxEvent.Status.allCases.map { $0.rawValue }),
      .option("--id", "EVT", "Only this event", repeats: true),
      .option("--type", "GLOB", "Only these: invoice.paid, customer.subscription.*"),
      .option("--customer", "C", "Only events of this customer"),
      .option("--since", "T", "Only what happened since: 2027-01-01, 3d"),
      .option("--until", "T", "Only what happened before"),
    ] + Parameter.limits
  static let examples = [
    "webhook list --status failed",
    "webhook list --type \"invoice.*\" --customer ada@example.com --since 7d --all",
  ]

  var status: InboxEvent.Status?
  var choice: EventChoice
  var limit: Int?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    status = try arguments.choice("--status")
    choice = try EventChoice(parsing: &arguments)
    limit = try arguments.listLimit()
  }

  func run(_ context: Context) async throws -> ListReport {
    var filter = try await choice.filter(context)
    filter.status = status
    filter.limit = limit.map { $0 + 1 }
    let found = try context.store().read { [filter] in try $0.events(matching: filter) }
    // A customer whom nobody knows may have events all the same.
    if found.isEmpty, let customer = choice.customer {
      _ = try await context.mirroredCustomerID(customer)
    }
    let shown = found.prefix(limit ?? found.count)
    return ListReport(
      shown.map { .object(EventView.json($0)) }, hasMore: shown.count < found.count,
      keys: EventView.keys, columns: EventView.columns, empty: "no such events in the inbox")
  }
}
