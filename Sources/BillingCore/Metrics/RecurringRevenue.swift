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
  private static let mostYearly: Decimal = 1_000_000_000_000

  let subscription: Subscription
  let reductions: [Reduction]

  /// In minor units: what the bills of a year come to, each with the reductions that hold at a
  /// moment. A year has 12 months, 52 weeks or 365 days.
  func yearlyAmount(at moment: Timestamp) -> Int64 {
    var bills = subscription.items.compactMap(Bill.init)
    for reduction in reductions where reduction.end.map({ $0 > moment }) ?? true {
      var left = reduction.amountOff.map { Decimal($0) } ?? 0
      for index in bills.indices
      where reduction.itemID == nil || bills[index].itemID == reduction.itemID {
        if let percent = reduction.percentOff {
          bills[index].amount -= (bills[index].amount * percent / 100).rounded()
        }
        let taken = min(left, bills[index].amount)
        bills[index].amount -= taken
        left -= taken
      }
    }
    let sum = bills.reduce(Decimal(0)) { $0 + $1.yearlyAmount }
    return NSDecimalNumber(decimal: min(max(sum, 0), Self.mostYearly)).int64Value
  }

  /// The moments after `moment` at which a reduction ends.
  func ends(after moment: Timestamp) -> [Timestamp] {
    Set(reductions.compactMap { $0.end }.filter { $0 > moment }).sorted()
  }
}

/// What one item puts on each bill.
private struct Bill {
  let itemID: String
  var amount: Decimal
  let billsInYear: Decimal
  let periods: Decimal

  /// Nil for what is metered, or has no fixed amount.
  init?(_ item: SubscriptionItem) {
    guard let recurring = item.price.recurring, recurring.usageType != "metered",
      let billsInYear = Self.billsInYear[recurring.interval.rawValue]
    else { return nil }
    let unit =
      item.price.unitAmount.map { Decimal($0) }
      ?? item.price.unitAmountDecimal.flatMap { Decimal(string: $0) }
    guard let unit else { return nil }
    itemID = item.id
    amount = max(0, unit * Decimal(item.quantity ?? 1)).rounded()
    self.billsInYear = billsInYear
    periods = Decimal(recurring.intervalCount)
  }

  var yearlyAmount: Decimal { (amount * billsInYear / periods).rounded() }

  private static let billsInYear: [String: Decimal] = [
    "day": 365, "week": 52, "month": 12, "year": 1,
  ]
}

extension Decimal {
  /// To so many places, halves away from zero.
  func rounded(places: Int = 0) -> Decimal {
    var (value, result) = (self, Decimal())
    NSDecimalRound(&result, &value, places, .plain)
    return result
  }
}
