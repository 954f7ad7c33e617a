import Basics
import BillingCore
import Stripe

struct Pause: Command {
  static let name = "pause"
  static let summary = "Pause the collection of a customer's invoices"
  static let discussion = """
    The subscription goes on and access stays, but its invoices are not collected: they are voided,
    kept as drafts, or given up as uncollectible. Collection begins again at --until, or with
    billing unpause; a draft that was kept is issued with billing invoice finalize and charged with
    billing invoice pay. Given once more with other words it replaces the pause. A subscription
    that is to end altogether is one for billing cancel.
    """
  static let parameters: [Parameter] = [
    .customer,
    .option("--until", "T", "When collection begins again (2026-12-24, 3d, '1 month')"),
    .option(
      "--behavior", "B", "What becomes of the invoices meanwhile (default void)",
      choices: ["void", "keep_as_draft", "mark_uncollectible"]),
  ]
  static let examples = [
    "pause ada@example.com --until '1 month'", "pause ada@example.com --behavior keep_as_draft",
  ]

  var reference: CustomerReference
  var until: TimeArgument?
  var untilText: String?
  var behavior: CollectionPause.Behavior

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    until = try arguments.time("--until")
    untilText = try arguments.option("--until")
    behavior = try arguments.choice("--behavior") ?? .void
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite("pause the collection of \(reference.text)'s invoices")
    let intent = { (customerID: String) in
      SubscriptionPlanning.pausing(ofCustomer: customerID, behavior, untilText: untilText)
    }
    return try await SubscriptionChange(reference: reference).run(context, meaning: intent) {
      subscription in
      let now = try await context.now(of: subscription)
      let end = until?.after(now)
      if let end, end <= now {
        throw CommandError.usage(
          "--until must lie ahead, and \(Cell(time: JSON(end)).text) does not")
      }
      return try SubscriptionPlanning.pause(
        subscription, CollectionPause(behavior: behavior, until: end),
        intent: intent(subscription.customerID))
    }
  }
}
