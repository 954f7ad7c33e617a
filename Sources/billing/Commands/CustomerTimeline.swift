import Basics
import BillingCore

struct CustomerTimeline: Command {
  static let name = "customer timeline"
  static let summary = "Show what happened to a customer, in order, and who or what caused it"
  static let discussion = """
    Operations of this tool, events, invoices, payments, refunds, changes of subscriptions and grants
    of its own, oldest first, from the mirror, without asking Stripe. What several of them tell is
    shown once; the cause is the operation or the event that it came by, so an operation and what
    followed have one cause.

    The actor is who ran the command; stripe for what happens by itself, api for another program.
    With more entries than --limit the latest are shown.
    """
  static let parameters: [Parameter] =
    [
      .customer,
      .option("--since", "T", "What happened since then"),
      .option("--until", "T", "What happened until then"),
    ] + Parameter.limits
  static let examples = [
    "customer timeline ada@example.com", "customer timeline cus_NffrFeUfNV2Hib --since 30d --json",
  ]

  var reference: CustomerReference
  var since: TimeArgument?
  var until: TimeArgument?
  var limit: Int?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    since = try arguments.time("--since")
    until = try arguments.time("--until")
    limit = try arguments.listLimit()
  }

  func run(_ context: Context) async throws -> ListReport {
    let customerID = try await context.mirroredCustomerID(reference)
    let past = try context.store().read { try $0.past(ofCustomer: customerID) }
    let now = try context.now()
    let (since, until) = (since?.before(now) ?? .earliest, until?.before(now) ?? .latest)
    let entries = Timeline(past).entries.filter { $0.at >= since && $0.at <= until }
    let shown = entries.suffix(limit ?? entries.count)
    return ListReport(
      shown.map { $0.json }, hasMore: shown.count < entries.count, keys: TimelineEntry.keys,
      columns: TimelineEntry.columns, empty: "nothing has happened yet")
  }
}
