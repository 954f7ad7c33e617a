package import Stripe

/// Which plan's rights a customer has, and on which subscription they rest.
package struct CurrentPlan: Sendable, Hashable {
  /// The plan whose rights hold now; the default plan where no subscription gives others. Nil where
  /// there is no catalogue to tell.
  package let planID: String?
  /// The status of the subscription that counts, or `none`.
  package let status: String

  /// Rights come with a subscription that runs; one that is unpaid, paused or incomplete gives
  /// none, and of an ended one only the status is left.
  package static func of(
    _ subscriptions: [SubscriptionRow], in catalogue: Catalogue?
  ) -> CurrentPlan {
    let granting = ["active", "trialing", "past_due"]
    if let running = subscriptions.first(where: { granting.contains($0.status) }) {
      let planID = catalogue?.planID(of: running) ?? catalogue?.defaultPlanID ?? running.plan
      return CurrentPlan(planID: planID, status: running.status)
    }
    let newest = subscriptions.max { $0.created < $1.created }
    return CurrentPlan(planID: catalogue?.defaultPlanID, status: newest?.status ?? "none")
  }
}

extension Catalogue {
  /// The plan that a price at Stripe belongs to: by its product, by an id made elsewhere, or by its
  /// lookup key.
  package func planID(of price: Price) -> String? {
    let plan =
      price.productID.flatMap { self.plan(productID: $0) } ?? plan(priceID: price.id)
      ?? price.lookupKey.flatMap { self.plan(lookupKey: $0) }
    return plan?.id
  }

  /// The plan of a subscription as the catalogue is now, else as it was when the object came in.
  package func planID(of row: SubscriptionRow) -> String? {
    let plan =
      row.productID.flatMap { self.plan(productID: $0) }
      ?? row.priceID.flatMap {
        self.plan(priceID: $0)
      }
    return plan?.id ?? row.plan
  }

  /// The meter whose use a price bills.
  package func meterID(of price: Price) -> String? {
    guard let key = price.lookupKey else { return nil }
    return plans.flatMap { $0.overages }
      .first { $0.prices.contains { $0.lookupKey == key } }?.meterID
  }

  /// The mirror that sees plans as this catalogue does.
  package var mirror: StripeMirror {
    StripeMirror(planOfPrice: { planID(of: $0) }, externalIDKeys: externalIDMetadata)
  }
}
