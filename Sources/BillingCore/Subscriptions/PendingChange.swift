package import Basics
package import Stripe

/// A change of plan, interval or quantity that waits for the end of the period.
package struct PendingChange: Sendable, Hashable {
  package var planID: String?
  package var interval: BillingInterval?
  package var quantity: Int64?
  package var at: Timestamp

  /// What the schedule of a subscription has in store; nil without one, or where its last phase
  /// runs already.
  package static func of(_ subscription: Subscription, in catalogue: Catalogue?) -> PendingChange? {
    guard let phase = subscription.schedule?.upcomingPhase else { return nil }
    let licensed = phase.items.filter { $0.price?.recurring?.usageType != "metered" }
    let plans = licensed.map { item in catalogue?.planID(of: item) }
    let index = plans.firstIndex { $0 != nil } ?? licensed.indices.first
    let item = index.map { licensed[$0] }
    return PendingChange(
      planID: index.flatMap { plans[$0] } ?? phase.metadata[Catalogue.planMetadataKey],
      interval: item?.price?.interval, quantity: item?.quantity, at: phase.start)
  }
}

extension Catalogue {
  fileprivate func planID(of item: SubscriptionSchedule.Item) -> String? {
    item.price.flatMap { planID(of: $0) } ?? plan(priceID: item.priceID)?.id
  }
}

extension Price {
  /// How often it recurs; nil for what the catalogue has no word for.
  package var interval: BillingInterval? {
    recurring.flatMap { recurring in
      BillingInterval.Unit(rawValue: recurring.interval.rawValue).flatMap {
        BillingInterval($0, count: recurring.intervalCount)
      }
    }
  }
}
