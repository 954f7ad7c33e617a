import Basics
import BillingCore
import Stripe

extension Context {
  /// Called before a question that only Stripe can answer.
  func requireStripe() throws(CommandError) {
    guard !settings.readsLocally else {
      throw .usage("the mirror cannot tell what an invoice will be", hint: "leave --local out")
    }
  }

  /// The checkout pages on which a customer can still pay. To be read before the customer's
  /// subscriptions: one that is paid in between then shows among these.
  func openPages(of customerID: String) async throws -> [CheckoutSession] {
    try await gateway().list(
      StripePath("checkout", "sessions"), ["customer": .string(customerID), "status": "open"]
    ).objects.map { try CheckoutSession($0) }
  }

  /// The subscription that an operation changed: its own object, or that of the schedule with which
  /// it ended.
  func subscriptionID(changedBy operation: BillingOperation) async throws -> String {
    let id = operation.objectID ?? ""
    guard operation.steps.last?.path.first == "subscription_schedules" else { return id }
    let schedule = try await gateway().read(StripePath("subscription_schedules", id))
    return SubscriptionSchedule.subscriptionID(in: schedule) ?? ""
  }
}
