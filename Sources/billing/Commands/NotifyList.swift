import Basics
import BillingCore

struct NotifyList: Command {
  static let name = "notify list"
  static let summary = "List what customers and operators are told, and how that stands"
  static let discussion = """
    The newest first, one line for each message: a notification has one for each recipient. waiting:
    not tried yet; sending: an attempt is under way, or was cut short; sent; failed: it is tried again
    at next_attempt_at; dead: the server does not take it, and it is not tried any more; expired: it
    could not be sent for seven days; skipped: there is nobody to send it to.
    """
  static let parameters: [Parameter] =
    [
      .option(
        "--status", "S", "In this state",
        choices: OutboxMessage.Status.allCases.map { $0.rawValue }),
      .option("--customer", "C", "Only what is about this customer"),
    ] + Parameter.limits
  static let examples = [
    "notify list", "notify list --status dead", "notify list --customer ada@example.com --json",
  ]

  var status: OutboxMessage.Status?
  var reference: CustomerReference?
  var limit: Int?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    status = try arguments.choice("--status")
    reference = try arguments.customerOption()
    limit = try arguments.listLimit()
  }

  func run(_ context: Context) async throws -> ListReport {
    var customerID: String?
    if let reference { customerID = try await context.mirroredCustomerID(reference) }
    let rules = try context.catalogueIfAny()?.notifications
    let hasSlack = try context.secret("SLACK_WEBHOOK_URL") != nil
    let (status, most) = (status, limit.map { $0 + 1 })
    let found = try context.store().read { [customerID] transaction in
      // What was written down since the outbox was last looked at has no messages yet.
      let new = try transaction.unaddressedNotifications(customerID: customerID).reversed()
        .flatMap { entry in
          try rules.map { try transaction.messages(of: entry, $0, hasSlack: hasSlack) } ?? []
        }.filter { status == nil || $0.status == status }
      return try new
        + transaction.messages(status: status, customerID: customerID, limit: most)
    }
    let shown = found.prefix(limit ?? found.count)
    if rules == nil {
      context.note("plans.yaml has no notifications, so nobody is told of anything")
    }
    return ListReport(
      shown.map { .object(OutboxView.json($0)) }, hasMore: shown.count < found.count,
      keys: OutboxView.keys, columns: OutboxView.columns, empty: "nothing in the outbox")
  }
}
