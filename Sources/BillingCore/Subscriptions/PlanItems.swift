import Basics
import Stripe

/// The items of a subscription as a change of plan sees them: the one that is the plan, the metered
/// ones that bill what goes beyond it, and what the catalogue does not know, which stays.
struct PlanItems: Sendable {
  let licensed: SubscriptionItem
  let metered: [SubscriptionItem]
  let others: [SubscriptionItem]
  /// By the catalogue's products, so also of a price that it no longer has.
  let planID: String?

  /// Nil where no item could be a plan's.
  init?(_ subscription: Subscription, in catalogue: Catalogue) {
    let isOurs = { (item: SubscriptionItem) in catalogue.planID(of: item.price) != nil }
    let unmetered = subscription.items.filter { !$0.isMetered }
    guard let licensed = unmetered.first(where: isOurs) ?? unmetered.first else { return nil }
    self.licensed = licensed
    metered = subscription.items.filter { $0.isMetered && isOurs($0) }
    let known = Set([licensed.id] + metered.map { $0.id })
    others = subscription.items.filter { !known.contains($0.id) }
    planID =
      catalogue.planID(of: licensed.price) ?? subscription.metadata[Catalogue.planMetadataKey]
  }
}

extension SubscriptionItem {
  var isMetered: Bool { price.recurring?.usageType == "metered" }
}
