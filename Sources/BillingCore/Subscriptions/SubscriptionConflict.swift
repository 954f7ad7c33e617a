/// Why a change of a subscription makes no sense as things stand.
package enum SubscriptionConflict: Error, Sendable, Hashable {
  case alreadySubscribed(subscriptionID: String, status: String, plan: String?)
  case noSubscription(customerID: String)
  case alreadyCancelling(subscriptionID: String, at: String?)
  case nothingToResume(subscriptionID: String)
}
