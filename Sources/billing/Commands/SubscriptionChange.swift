import Basics
import BillingCore
import Stripe

/// The way that every change of a running subscription goes: find the customer, settle what the
/// same change left open, read the subscription, plan, and show the requests or carry them out.
struct SubscriptionChange {
  let reference: CustomerReference
  /// Whether the change bills what was used so far, so that Stripe has to hear of it before.
  var billsUse = false

  func run(
    _ context: Context, meaning intent: (_ customerID: String) -> OperationIntent,
    planning plan: (Subscription) async throws -> OperationPlan
  ) async throws -> ChangeReport {
    let customer = try await context.directory().customer(reference)
    let earlier = try await context.settleEarlier(intent(customer.id))
    if let done = earlier.result {
      return try await report(try await context.subscriptionID(changedBy: done), context)
    }
    let subscriptions = try await context.subscriptions(of: customer.id)
    guard let subscription = SubscriptionPlanning.current(subscriptions) else {
      throw SubscriptionConflict.noSubscription(customerID: customer.id)
    }
    var plan = try await plan(subscription)
    plan.journalPosition = earlier.journalPosition
    let use =
      billsUse
      ? try await ClosingUse(
        of: subscription, instead: "without --now it ends, and bills it, at the period's end",
        context)
      : nil
    if context.settings.isDryRun {
      return .planned(DryRunReport((try await use?.planned() ?? []) + plan.requests))
    }
    try await use?.report()
    let outcome = try await context.carryOut(plan)
    return try await report(
      try await context.subscriptionID(changedBy: outcome.operation), context)
  }

  private func report(_ id: String, _ context: Context) async throws -> ChangeReport {
    let gateway = try await context.gateway()
    let json = try await gateway.read(
      StripePath("subscriptions", id),
      ["expand": gateway.client.configuration.expandingDiscounts()])
    let object = SubscriptionView.json(
      try await gateway.subscription(json), try context.catalogueForNames())
    return .changed(
      SubscriptionView.report(
        object, closing: SubscriptionWords.of(object, customer: reference.text)))
  }
}
