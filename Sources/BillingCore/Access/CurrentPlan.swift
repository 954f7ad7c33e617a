package import Basics
package import Stripe

/// Which plan's rights a customer has, and on which subscription they rest.
package struct CurrentPlan: Sendable, Hashable {
  /// The plan whose rights hold now; the default plan where no subscription gives others. Nil where
  /// there is no catalogue to tell.
  package var planID: String?
  /// The status of the subscription that counts, or `none`.
  package var status: String
  /// The subscription that counts.
  package var subscriptionID: String?
  /// Until when the rights are kept although a payment is due.
  package var graceUntil: Timestamp?
  /// The plan whose rights came to an end because a payment is due.
  package var unpaidPlanID: String?

  /// Rights come with a subscription that runs; one that is unpaid, paused or incomplete gives
  /// none, and of an ended one only the status is left. What is past due gives them through the
  /// days of grace, what is cancelled until its end. Of several that give rights the one to the
  /// highest plan counts, so that nobody misses what is paid for; then the newest.
  package static func of(
    _ subscriptions: [SubscriptionRow], _ entitlements: [Entitlement] = [],
    in catalogue: Catalogue?, at now: Timestamp
  ) -> CurrentPlan {
    let newest = Dictionary(
      entitlements.map { ($0.subscriptionID, $0) }, uniquingKeysWith: { $1 })
    let holding = subscriptions.filter { row in
      guard Entitlement.grantingStatuses.contains(row.status) else { return false }
      let lapse = entitlement(of: row, newest, at: now)?.lapse(in: catalogue)
      return lapse.map { now < $0 } ?? true
    }
    let rank = { (row: SubscriptionRow) in
      catalogue?.planID(of: row).flatMap { catalogue?.plan($0)?.rank } ?? .min
    }
    guard let best = holding.max(by: { (rank($0), $0.created) < (rank($1), $1.created) }) else {
      return withoutRights(subscriptions, in: catalogue)
    }
    let given = entitlement(of: best, newest, at: now)
    return CurrentPlan(
      planID: catalogue?.planID(of: best) ?? catalogue?.defaultPlanID ?? best.plan,
      status: best.status, subscriptionID: best.id,
      graceUntil: given?.pastDueSince == nil ? nil : given?.lapse(in: catalogue))
  }

  /// What a subscription gives, and until when. A file that can only be read may be behind what
  /// Stripe said of the subscription just now; then that counts.
  private static func entitlement(
    of row: SubscriptionRow, _ newest: [String: Entitlement], at now: Timestamp
  ) -> Entitlement? {
    let known =
      newest[row.id] ?? Entitlement.following(nil, row, at: now, cause: nil, isNew: true).begun
    guard var entitlement = known else { return nil }
    entitlement.until = row.endsAt
    if row.status != "past_due" { entitlement.pastDueSince = nil }
    return entitlement
  }

  private static func withoutRights(
    _ subscriptions: [SubscriptionRow], in catalogue: Catalogue?
  ) -> CurrentPlan {
    let due = subscriptions.filter { ["past_due", "unpaid"].contains($0.status) }
    let lapsed = due.filter { $0.status == "past_due" }.max { $0.created < $1.created }
    let counting = lapsed ?? subscriptions.max { $0.created < $1.created }
    let unpaid = due.first { $0.id == counting?.id }
    return CurrentPlan(
      planID: catalogue?.defaultPlanID, status: counting?.status ?? "none",
      subscriptionID: counting?.id, unpaidPlanID: unpaid.flatMap { catalogue?.planID(of: $0) })
  }
}

extension Entitlement {
  /// Without a catalogue nobody knows how many days of grace there are, so they do not end.
  fileprivate func lapse(in catalogue: Catalogue?) -> Timestamp? {
    catalogue.map { lapse(graceDays: $0.gracePeriodDays) } ?? until
  }
}

extension Transaction {
  /// Which plan's rights a customer has by what the mirror knows; `now` is the tool's clock, and a
  /// customer on a test clock lives by that.
  package func currentPlan(
    of customer: CustomerRow, _ subscriptions: [SubscriptionRow]? = nil,
    in catalogue: Catalogue?, at now: Timestamp
  ) throws -> CurrentPlan {
    CurrentPlan.of(
      try subscriptions ?? self.subscriptions(ofCustomer: customer.id),
      try entitlements(ofCustomer: customer.id), in: catalogue,
      at: try time(of: customer, at: now))
  }

  /// The time by which a customer lives.
  package func time(of customer: CustomerRow, at now: Timestamp) throws -> Timestamp {
    try customer.testClockID.flatMap { try frozenTime(ofTestClock: $0) } ?? now
  }

  /// The same of a customer that the mirror may not have.
  package func time(ofCustomer id: String, at now: Timestamp) throws -> Timestamp {
    try customer(id).map { try time(of: $0, at: now) } ?? now
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
    StripeMirror(
      planOfPrice: { planID(of: $0) }, packageOf: { self.package($0) },
      externalIDKeys: externalIDMetadata)
  }
}
