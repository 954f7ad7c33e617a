import Basics
import BillingCore

struct WebhookShow: Command {
  static let name = "webhook show"
  static let summary = "Show one event of the inbox: what it says, what it changed, why it failed"
  static let discussion = """
    From the inbox, without asking Stripe. With --json the event stands under `event` as it came,
    and beside it what it changed of subscriptions, and deliveries of the same id that said something
    else and were kept aside.
    """
  static let parameters: [Parameter] = [.event]
  static let examples = ["webhook show evt_1MtHbELkdIwHu7ixl4OzzPMv"]

  var id: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    id = try arguments.positional("EVT")
  }

  func run(_ context: Context) async throws -> EventReport {
    try context.store().read { transaction in
      guard let kept = try transaction.keptEvent(id) else { throw CommandError.noEvent(id) }
      let changes =
        try kept.event.customerID.map { try transaction.changes(ofCustomer: $0) } ?? []
      return EventReport(
        kept: kept, changes: changes.filter { $0.cause == id },
        conflicts: try transaction.conflicts(ofEvent: id))
    }
  }
}

extension CommandError {
  static func noEvent(_ id: String) -> CommandError {
    .notFound(
      "no event \(id) in the inbox",
      hint: "billing webhook list shows those there are; "
        + "billing webhook replay --from-stripe takes in what is missing")
  }
}

extension Parameter {
  static let event = required("EVT", "The event's id (evt_…)")
}
