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
        choices: InboxEvent.Status.allCases.map { $0.rawValue })
    ] + EventSelection.parameters + Parameter.limits
  static let examples = [
    "webhook list --status failed",
    "webhook list --type \"invoice.*\" --customer ada@example.com --since 7d --all",
  ]

  var status: InboxEvent.Status?
  var selection: EventSelection
  var limit: Int?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    status = try arguments.choice("--status")
    selection = try EventSelection(parsing: arguments)
    limit = try arguments.listLimit()
  }

  func run(_ context: Context) async throws -> ListReport {
    var filter = try await selection.filter(context)
    filter.status = status
    filter.limit = limit.map { $0 + 1 }
    let found = try context.store().read { [filter] in try $0.events(matching: filter) }
    let shown = found.prefix(limit ?? found.count)
    return ListReport(
      shown.map { .object(EventView.json($0)) }, hasMore: shown.count < found.count,
      keys: EventView.keys, columns: EventView.columns, empty: "no such events in the inbox")
  }
}
