/// Why a subscription cannot go to another plan as things stand.
package enum PlanChangeConflict: Error, Sendable, Hashable {
  /// It is the plan, the interval and the quantity that it has.
  case nothingToChange(subscriptionID: String, plan: String)
  /// The plan stands on the other side of the one that it has.
  case wrongDirection(PlanChangeRequest.Direction, from: String, to: String)
  /// Fewer seats are no upgrade, more no downgrade.
  case wrongQuantity(PlanChangeRequest.Direction, from: Int64, to: Int64, plan: String)
  case cancelling(subscriptionID: String, at: String?)
  case changePending(subscriptionID: String, plan: String?, at: String)
  /// Its last payment failed (`past_due`, `unpaid`).
  case paymentOpen(subscriptionID: String, status: String)
  case firstPaymentOpen(subscriptionID: String)
  case paused(subscriptionID: String)
  /// What a change at once costs would not be collected.
  case collectionPaused(subscriptionID: String)
  /// It has no item that could be the plan's.
  case withoutPlanItem(subscriptionID: String)
  /// The default plan begins when a subscription ends.
  case defaultPlanAtOnce(plan: String)
}
