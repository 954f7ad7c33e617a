/// Where a subscription stands (https://docs.stripe.com/billing/subscriptions/overview); a status
/// that Stripe adds later is kept as it came.
package struct SubscriptionStatus: RawRepresentable, Sendable, Hashable {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }

  package static let incomplete = SubscriptionStatus(rawValue: "incomplete")
  package static let incompleteExpired = SubscriptionStatus(rawValue: "incomplete_expired")
  package static let trialing = SubscriptionStatus(rawValue: "trialing")
  package static let active = SubscriptionStatus(rawValue: "active")
  package static let pastDue = SubscriptionStatus(rawValue: "past_due")
  package static let canceled = SubscriptionStatus(rawValue: "canceled")
  package static let unpaid = SubscriptionStatus(rawValue: "unpaid")
  package static let paused = SubscriptionStatus(rawValue: "paused")
}
