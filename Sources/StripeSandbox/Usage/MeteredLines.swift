import Basics
import Foundation

/// What usage costs: the lines of the metered prices of a subscription.
///
/// Lines are as Stripe's invoices show them: a price for each unit has one line, whatever was used.
/// A price with graduated tiers has a line for the units in each tier that was reached, the first of
/// them always, and one of quantity 0 for the flat amount of such a tier where it has one:
///
///     1000 call × API (Tier 1 at $0.00 / month)
///     API (Tier 1 at $9.00 / month)
///     31 call × API (Tier 2 at $0.036 / month)
///
/// Every line is rounded by itself (`Money.rounded`). Where the usage of a period comes to less than
/// nothing, nothing is billed.
enum MeteredLines {
  /// The lines for a period that is over. What was used before the subscription or the item began,
  /// in a trial, or up to an earlier invoice, is not among it.
  static func lines(
    of subscription: JSONObject, in period: BillingPeriod, _ call: Call
  ) throws -> [InvoiceLine] {
    try subscription.listed("items").flatMap { item in
      try lines(of: item, subscription, in: period, call)
    }
  }

  /// The lines of one item; none where its price is not metered.
  static func lines(
    of item: JSONObject, _ subscription: JSONObject, in period: BillingPeriod, _ call: Call
  ) throws -> [InvoiceLine] {
    let price = try SubscriptionItems.price(of: item, call)
    guard PriceAmount.isMetered(price) else { return [] }
    let start = start(of: item, subscription, in: period)
    guard start < period.end else { return [] }
    let billed = BillingPeriod(start: start, end: period.end)
    let used = try Usage.used(price, item: item, of: subscription, in: billed, call)
    let product = try SubscriptionItems.product(of: price, call)
    return try PriceAmount.charges(of: price, quantity: max(0, used)).map { charge in
      InvoiceLine(
        amount: charge.amount,
        description: PriceText.usage(charge, price: price, product: product),
        quantity: try Money.rounded(charge.quantity), price: price, period: billed,
        subscriptionID: subscription.id, subscriptionItemID: item.id,
        exactQuantity: charge.quantity,
        unitAmount: charge.isFlat ? .null : .string("\(charge.each)"))
    }
  }

  /// From when usage of an item counts for an invoice.
  static func start(
    of item: JSONObject, _ subscription: JSONObject, in period: BillingPeriod
  ) -> Timestamp {
    var start = max(period.start, item.timestamp("created") ?? period.start)
    if let end = subscription.timestamp("trial_end") { start = max(start, end) }
    if let changed = subscription.object("_metered_since")?.timestamp(item.id) {
      start = max(start, changed)
    }
    // What was charged for the item last, where it was usage, ends before now.
    if let billed = Debits(of: subscription)[item.id].last?.period.end,
      billed < period.end
    {
      start = max(start, billed)
    }
    return start
  }
}
