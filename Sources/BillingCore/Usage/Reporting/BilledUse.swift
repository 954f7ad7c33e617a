package import Basics
package import Stripe

/// A metered item of a subscription, and the meter of ours whose use it bills.
package struct BilledUse: Sendable, Hashable {
  package var customerID: String
  package var subscriptionID: String
  package var itemID: String
  package var price: Price
  package var meter: MeterDefinition
  /// Nil where the price has no meter, so that usage is told to the item itself.
  package var stripeMeterID: String?
  /// From when on the item bills: it was not there before, and a trial is free.
  package var from: Timestamp
  /// When the subscription ended, or will end by what is known now.
  package var endsAt: Timestamp?
  package var hasEnded: Bool
}

/// A billing period, as far as an item bills it.
package struct UsageSegment: Sendable, Hashable {
  package var use: BilledUse
  package var period: BillingPeriod
  package var start: Timestamp
  package var end: Timestamp

  /// Whether all of the period is billed.
  var isWhole: Bool { start == period.start && end == period.end }
}

extension BilledUse {
  /// More periods than this do not lie within the time of which Stripe takes usage.
  private static let maximumSegments = 64

  /// What the item bills in the period of a moment; nil for nothing.
  package func segment(in periods: BillingPeriods, at moment: Timestamp) -> UsageSegment? {
    segment(of: periods.period(at: hasEnded ? min(moment, (endsAt ?? moment) - 1) : moment))
  }

  /// The same of each period of which Stripe still takes usage, the newest first.
  package func segments(in periods: BillingPeriods, at now: Timestamp) -> [UsageSegment] {
    var found: [UsageSegment] = []
    var next = segment(in: periods, at: now)
    while let segment = next, segment.end > now - UsageEvent.daysBack * 86_400,
      found.count < Self.maximumSegments
    {
      found.append(segment)
      next = self.segment(of: periods.period(before: segment.period))
    }
    return found
  }

  private func segment(of period: BillingPeriod) -> UsageSegment? {
    let start = max(period.start, from)
    guard period.subscriptionID == subscriptionID, start < period.end else { return nil }
    return UsageSegment(use: self, period: period, start: start, end: period.end)
  }
}

extension Transaction {
  /// The metered items by which the use of the catalogue's meters is billed; of one customer where
  /// one is given.
  package func billedUses(
    in catalogue: Catalogue, ofCustomer customerID: String? = nil
  ) throws -> [BilledUse] {
    try meteredSubscriptionIDs(ofCustomer: customerID).flatMap { id -> [BilledUse] in
      guard let json = try objectJSON(id) else { return [] }
      return try billedUses(json, in: catalogue)
    }
  }

  private func billedUses(_ json: JSON, in catalogue: Catalogue) throws -> [BilledUse] {
    let subscription = try Subscription(json)
    let created = json["items"]?["data"]?.array?.map { $0["created"]?.integer } ?? []
    let row = SubscriptionRow(subscription, plan: nil)
    guard row.isBilled else { return [] }
    return try zip(subscription.items, created).compactMap { item, created in
      guard item.isMetered, let meter = try meter(of: item.price, in: catalogue) else {
        return nil
      }
      let beginnings = [created.map { Timestamp($0) }, row.trialEnd].compactMap { $0 }
      return BilledUse(
        customerID: row.customerID, subscriptionID: row.id, itemID: item.id,
        price: item.price, meter: meter, stripeMeterID: item.price.recurring?.meterID,
        from: beginnings.max() ?? row.created, endsAt: row.endedAt ?? row.endsAt,
        hasEnded: row.endedAt != nil)
    }
  }

  /// The meter of ours whose use a price bills: by the price, else by the name of Stripe's meter.
  private func meter(of price: Price, in catalogue: Catalogue) throws -> MeterDefinition? {
    if let id = catalogue.overage(of: price)?.meterID { return catalogue.meter(id) }
    guard let meterID = price.recurring?.meterID, let json = try objectJSON(meterID),
      let name = json["event_name"]?.string
    else { return nil }
    return catalogue.meter(eventName: name)
  }
}

extension Catalogue {
  /// What a price bills beyond what a plan includes, by its lookup key; one that was replaced keeps
  /// the key that it was made for in its metadata.
  package func overage(of price: Price) -> Overage? {
    guard let key = price.lookupKey ?? price.metadata[Self.lookupKeyMetadataKey] else { return nil }
    return plans.flatMap { $0.overages }.first { $0.prices.contains { $0.lookupKey == key } }
  }
}
