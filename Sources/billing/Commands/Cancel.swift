import Basics
import BillingCore
import Stripe

struct Cancel: Command {
  static let name = "cancel"
  static let summary = "Cancel a subscription, at the end of the period or now"
  static let discussion = """
    At the end of the period that is paid for: access stays until then, and billing resume takes
    the cancellation back. A change of plan that is pending is dropped, for good.

    With --now it ends at once, which needs a yes; --invoice-now then bills what is open,
    --credit-unused credits the unused time: with --invoice-now to the customer's balance, without
    it to the next invoice, should one ever come. A subscription whose first payment is still open
    can only end at once, which needs the same yes.

    With --invoice-now, use that Stripe was not told is reported first, so that it is billed; where
    that fails nothing is changed. Without it, what was used in this period is billed nowhere.
    """
  static let parameters: [Parameter] = [
    .customer,
    .flag("--now", "End it at once"),
    .flag("--invoice-now", "With --now: bill open usage and prorations"),
    .flag("--credit-unused", "With --now: credit the unused time"),
    .option("--reason", "R", "Why, in words"),
    .option(
      "--feedback", "F", "Why, as Stripe counts it",
      choices: [
        "customer_service", "low_quality", "missing_features", "other", "switched_service",
        "too_complex", "too_expensive", "unused",
      ]),
  ]
  static let examples = [
    "cancel ada@example.com", "cancel ada@example.com --now --credit-unused --yes",
  ]

  var reference: CustomerReference
  var cancellation: Cancellation

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    cancellation = Cancellation(
      isNow: arguments.flag("--now"), invoicesNow: arguments.flag("--invoice-now"),
      creditsUnused: arguments.flag("--credit-unused"),
      comment: try arguments.option("--reason"), feedback: try arguments.option("--feedback"))
    if !cancellation.isNow, cancellation.invoicesNow || cancellation.creditsUnused {
      throw arguments.error("--invoice-now and --credit-unused go with --now")
    }
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite(
      "cancel the subscription of \(reference.text)\(cancellation.isNow ? " at once" : "")",
      destroys: cancellation.isNow)
    return try await SubscriptionChange(
      reference: reference, billsUse: cancellation.isNow && cancellation.invoicesNow
    ).run(context, meaning: cancellation.intent(ofCustomer:)) { subscription in
      let plan = try SubscriptionPlanning.cancel(subscription, cancellation)
      // With a live key the yes was given before.
      if subscription.status == .incomplete, !cancellation.isNow, try context.mode() != .live {
        try context.requireWrite(
          "end the subscription of \(reference.text) at once, before its first payment",
          destroys: true)
      }
      try tellConsequences(of: subscription, context)
      return plan
    }
  }

  /// What nobody would see in the answer.
  private func tellConsequences(of subscription: Subscription, _ context: Context) throws {
    if cancellation.creditsUnused, !cancellation.invoicesNow {
      context.note(
        "the credit waits for the customer's next invoice, which may never come; "
          + "--invoice-now puts it on the customer's balance")
    }
    if cancellation.isNow, !cancellation.invoicesNow {
      try ClosingUse.tellUnbilled(of: subscription, context)
    }
    guard !cancellation.isNow,
      let pending = PendingChange.of(subscription, in: try context.catalogueForNames())
    else { return }
    context.note(
      "the change to \(pending.planID ?? "other items") at \(pending.at.iso8601) is dropped; "
        + "billing resume does not bring it back")
  }
}
