import Basics
import BillingCore
import Stripe

/// The way that every change of a running subscription goes: find the customer, read its
/// subscription, plan, and show the requests or carry them out.
struct SubscriptionChange {
  let reference: CustomerReference

  func run(
    _ context: Context, planning plan: (Subscription) throws -> OperationPlan
  ) async throws -> ChangeReport {
    if let before = try await doneBefore(context) { return before }
    let customer = try await context.directory().customer(reference)
    let subscriptions = try await context.subscriptions(of: customer.id)
    guard let subscription = SubscriptionPlanning.current(subscriptions) else {
      throw SubscriptionConflict.noSubscription(customerID: customer.id)
    }
    let plan = try plan(subscription)
    if context.settings.isDryRun { return .planned(DryRunReport(plan)) }
    let outcome = try await context.carryOut(plan)
    return try await report(outcome.operation.objectID ?? subscription.id, context)
  }

  /// With an idempotency key that did its work already there is nothing left to plan: the result
  /// is shown, if the words name the same customer.
  private func doneBefore(_ context: Context) async throws -> ChangeReport? {
    guard let key = context.settings.idempotencyKey,
      let operation = try context.store().read({ try $0.operation(key: key.text) }),
      operation.state == .done, let customerID = operation.customerID,
      try await context.directory().customer(reference).id == customerID
    else { return nil }
    return try await report(operation.objectID ?? "", context)
  }

  private func report(_ id: String, _ context: Context) async throws -> ChangeReport {
    let gateway = try await context.gateway()
    let json = try await gateway.read(
      StripePath("subscriptions", id),
      ["expand": gateway.client.configuration.expandingDiscounts()])
    let object = SubscriptionView.json(try Subscription(json), try context.catalogue())
    return .changed(
      SubscriptionView.report(
        object, closing: SubscriptionWords.of(object, customer: reference.text)))
  }
}
