/// Why a change of a subscription makes no sense as things stand.
package enum SubscriptionConflict: Error, Sendable, Hashable {
  case alreadySubscribed(subscriptionID: String, status: String, plan: String?)
  case noSubscription(customerID: String)
  case alreadyCancelling(subscriptionID: String, at: String?)
  case nothingToResume(subscriptionID: String)
  /// Nothing can be changed before the first invoice is paid.
  case firstPaymentOpen(subscriptionID: String)
  /// Its status is `paused`: no period runs, no invoice is made.
  case standsStill(subscriptionID: String)
  /// Collection is paused in just this way already.
  case alreadyPaused(subscriptionID: String, until: String?)
  case notPaused(subscriptionID: String)
  case noTrial(subscriptionID: String, status: String)
  /// Another plan is to begin when the trial ends.
  case changePending(subscriptionID: String)
  /// It is to end with the trial, so that no first payment is wanted.
  case trialIsLast(subscriptionID: String)
  /// Stripe takes a trial's end at most two years ahead.
  case trialTooLong(subscriptionID: String, end: String)
  case alreadyDiscounted(subscriptionID: String, coupon: String?)
  case noDiscount(subscriptionID: String)
  /// No bill will come that the change could have a bearing on.
  case endsAnyway(subscriptionID: String, at: String?)
}
