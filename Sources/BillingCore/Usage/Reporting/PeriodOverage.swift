package import Basics
import Stripe

/// What the use of one meter in a billing period costs at the period's end, as things stand: what
/// Stripe has not been told included, discounts and taxes not.
package struct PeriodOverage: Sendable, Hashable {
  package var segment: UsageSegment
  package var used: Int64
  /// How many units cost nothing; nil where all cost, or where that is not known.
  package var included: Int64?
  /// In minor units of `currency`; nil where the price's tiers are not known, or it is more than can
  /// be counted.
  package var amount: Int64?
  /// Whether the price has tiers that nobody has told.
  package var isUnknown: Bool
  package var currency: String
  /// How much of what was used Stripe has not been told.
  package var unreported: Int64
  /// What that costs; nil where nobody knows.
  package var unreportedAmount: Int64?

  /// Beyond what costs nothing.
  package var overage: Int64 { max(0, used - (included ?? 0)) }
}

extension Transaction {
  /// Of each metered item of the subscription whose period it is.
  package func overages(
    of customerID: String, at moment: Timestamp, in catalogue: Catalogue, clock: Timestamp
  ) throws -> [PeriodOverage] {
    let periods = try billingPeriods(ofCustomer: customerID)
    return try billedUses(in: catalogue, ofCustomer: customerID).compactMap { use in
      guard let segment = use.segment(in: periods, at: moment), segment.start <= moment,
        moment < segment.end
      else { return nil }
      let now = try time(ofCustomer: customerID, at: clock)
      let used = try used(segment).used(use.meter.aggregation)
      let price = try usagePrice(use, in: catalogue)
      let amount = price?.amount(for: used)
      let told = try reportedUse(segment)
      return PeriodOverage(
        segment: segment, used: used, included: price?.included,
        amount: amount, isUnknown: price == nil, currency: use.price.currency,
        unreported: try unreported(segment, at: now)?.value ?? 0,
        unreportedAmount: amount.flatMap { all in price?.amount(for: told).map { all - $0 } })
    }
  }

  /// What Stripe would bill, if it heard no more.
  private func reportedUse(_ segment: UsageSegment) throws -> Int64 {
    let use = segment.use
    guard use.meter.aggregation == .last else {
      return try reported(use, from: segment.start, before: segment.end)
    }
    return try lastReported(use, from: segment.start, before: segment.end)?.value ?? 0
  }

  /// By what Stripe told of the price; where it told no tiers, by the catalogue, if the price is the
  /// one that stands there now.
  private func usagePrice(_ use: BilledUse, in catalogue: Catalogue) throws -> UsagePrice? {
    if let json = try objectJSON(use.price.id), let price = try UsagePrice(json) { return price }
    guard use.price.lookupKey != nil, let overage = catalogue.overage(of: use.price) else {
      return nil
    }
    return UsagePrice(overage)
  }
}
