import Basics
import BillingCore

struct SubscriptionHistory: Command {
  static let name = "subscription history"
  static let summary = "Show what changed of a customer's subscriptions, and why"
  static let discussion = """
    Oldest first, from the mirror, without asking Stripe. The cause is the operation of this tool or
    the event of Stripe's that told of the change; times are Stripe's.
    """
  static let parameters: [Parameter] = [.customer]
  static let examples = ["subscription history ada@example.com"]

  var reference: CustomerReference

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
  }

  func run(_ context: Context) async throws -> ListReport {
    let customerID = try await context.mirroredCustomerID(reference)
    let changes = try context.store().read { try $0.changes(ofCustomer: customerID) }
    return ListReport(
      changes.map { change in
        [
          "at": JSON(change.at), "kind": .string(change.kind.rawValue), "from": JSON(change.from),
          "to": JSON(change.to), "cause": JSON(change.cause),
        ]
      },
      keys: ["at", "kind", "from", "to", "cause"],
      columns: [
        .time("AT", "at"), Column("KIND", "kind"), Column("FROM", "from"), Column("TO", "to"),
        Column.id("CAUSE", "cause"),
      ], empty: "nothing has changed yet")
  }
}
