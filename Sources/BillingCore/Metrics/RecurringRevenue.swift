import Basics
import Foundation
import Stripe

/// What a subscription brings again and again: its licensed prices less what discounts take off.
///
/// Statuses as in Stripe's definition of monthly recurring revenue
/// (https://docs.stripe.com/billing/subscriptions/analytics/glossary): trials and what is unpaid
/// count for nothing. Metered prices, prices in tiers and discounts of a single invoice are left out.
struct RecurringRevenue {
  /// What is taken off each invoice.
  struct Reduction: Sendable, Hashable {
    /// The item that it is for; nil for the whole subscription.
    var itemID: String?
    var percentOff: Decimal?
    var amountOff: Int64?
    var end: Timestamp?
  }

  static let payingStatuses: Set<String> = ["active", "past_due"]
  private static let mostYearly: Int64 = 1_000_000_000_000

  let subscription: Subscription
  let reductions: [Reduction]

  /// In minor units: what the bills of a year come to, each with the reductions that hold at a
  /// moment. A year has 12 months, 52 weeks or 365 days.
  func yearlyAmount(at moment: Timestamp) -> Int64 {
    var bills = subscription.items.compactMap(Bill.init)
    for reduction in reductions where reduction.end.map({ $0 > moment }) ?? true {
      var left = max(0, reduction.amountOff ?? 0)
      for index in bills.indices
      where reduction.itemID == nil || bills[index].itemID == reduction.itemID {
        if let percent = reduction.percentOff {
          let share = (Decimal(bills[index].amount) * percent / 100).rounded()
          bills[index].amount -= Int64(share, within: 0...bills[index].amount)
        }
        let taken = min(left, bills[index].amount)
        bills[index].amount -= taken
        left -= taken
      }
    }
    return bills.reduce(0) { min($0 + min($1.yearlyAmount, Self.mostYearly), Self.mostYearly) }
  }

  /// The moments after `moment` at which a reduction ends.
  func ends(after moment: Timestamp) -> [Timestamp] {
    Set(reductions.compactMap { $0.end }.filter { $0 > moment }).sorted()
  }
}

/// What one item puts on each bill.
private struct Bill {
  let itemID: String
  /// In minor units.
  var amount: Int64
  let billsInYear: Int64
  let periods: Int64

  /// Nil for what is metered, or has no fixed amount.
  init?(_ item: SubscriptionItem) {
    guard let recurring = item.price.recurring, recurring.usageType != "metered",
      let billsInYear = Self.billsInYear[recurring.interval.rawValue]
    else { return nil }
    let quantity = item.quantity ?? 1
    if let unit = item.price.unitAmount {
      let (product, overflow) = max(0, unit).multipliedReportingOverflow(by: max(0, quantity))
      amount = overflow ? Self.most : min(product, Self.most)
    } else if let unit = item.price.unitAmountDecimal.flatMap({ Decimal(string: $0) }) {
      amount = Int64((unit * Decimal(quantity)).rounded(), within: 0...Self.most)
    } else {
      return nil
    }
    itemID = item.id
    self.billsInYear = billsInYear
    periods = Int64(recurring.intervalCount)
  }

  /// Halves are rounded up.
  var yearlyAmount: Int64 { (2 * amount * billsInYear + periods) / (2 * periods) }

  /// More than this is on no bill; a year of it can still be counted.
  private static let most: Int64 = 1_000_000_000_000_000

  private static let billsInYear: [String: Int64] = [
    "day": 365, "week": 52, "month": 12, "year": 1,
  ]
}

extension Int64 {
  /// A whole number, or the end of the range that it lies beyond.
  fileprivate init(_ value: Decimal, within range: ClosedRange<Int64>) {
    let clamped = Swift.min(
      Swift.max(value, Decimal(range.lowerBound)), Decimal(range.upperBound))
    self = NSDecimalNumber(decimal: clamped).int64Value
  }
}

extension Decimal {
  /// To so many places, halves away from zero.
  func rounded(places: Int = 0) -> Decimal {
    var (value, result) = (self, Decimal())
    NSDecimalRound(&result, &value, places, .plain)
    return result
  }
}
