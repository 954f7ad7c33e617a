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

  /// The subscription that an operation changed: its own object, or that of the schedule with which
  /// it ended.
  func subscriptionID(changedBy operation: BillingOperation) async throws -> String {
    let id = operation.objectID ?? ""
    guard operation.steps.last?.path.first == "subscription_schedules" else { return id }
    let schedule = try await gateway().read(StripePath("subscription_schedules", id))
    return SubscriptionSchedule.subscriptionID(in: schedule) ?? ""
  }
}
