import Basics
import BillingCore

struct UsageAnalytics: Command {
  static let name = "usage analytics"
  static let summary = "Show how many requests there were, how many failed, and how long they took"
  static let discussion = """
    Counts the usage that was written down, of one customer or of all: each event is one request,
    whatever its quantity. An error is a request that was answered with a status of 400 or more; its
    percentage is that of the requests whose status was told. P50 and P95 are the response times, in
    milliseconds, that 50 and 95 of 100 timed requests did not exceed: exact, by nearest rank, so
    that each is a time that was measured. What was not told is a group of its own, shown as -.

    The most frequent come first, and of days (UTC) the newest. Reads what is written down here: no
    key is needed, and Stripe is not asked.
    """
  static let parameters: [Parameter] =
    [
      .optional("CUSTOMER", "An id (cus_…), an e-mail address, or an id of your own"),
      .option(
        "--by", "B", "What requests are put together by; endpoint unless given",
        choices: RequestGrouping.allCases.map { $0.rawValue }),
      .option("--since", "T", "Only requests since then: a time, or a span back from now (7d)"),
    ] + Parameter.limits
  static let examples = [
    "usage analytics --by endpoint --since 7d", "usage analytics ada@example.com --by key --json",
  ]

  var reference: CustomerReference?
  var grouping: RequestGrouping
  var since: TimeArgument?
  var limit: Int?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.optionalCustomer()
    grouping = try arguments.choice("--by") ?? .endpoint
    since = try arguments.time("--since")
    limit = try arguments.listLimit()
  }

  func run(_ context: Context) async throws -> ListReport {
    var customerID: String?
    if let reference { customerID = try await context.mirroredCustomerID(reference) }
    let clock = try context.now()
    let groups = try context.store().read { transaction in
      let now = try customerID.map { try transaction.time(ofCustomer: $0, at: clock) } ?? clock
      return try transaction.requestStatistics(
        by: grouping, ofCustomer: customerID, since: since?.before(now),
        limit: limit.map { $0 + 1 })
    }
    let page = ListPage(groups, limit: limit)
    let whose = reference.map { " of \($0.text)" } ?? ""
    return ListReport(
      page.shown.map { .object(RequestStatisticsView.json($0, by: grouping)) },
      hasMore: page.hasMore, keys: RequestStatisticsView.keys(grouping),
      columns: RequestStatisticsView.columns(grouping),
      empty: "no usage\(whose) is written down" + (since == nil ? "" : " since then"))
  }
}
