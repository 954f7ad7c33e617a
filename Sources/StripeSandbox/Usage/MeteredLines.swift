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
  /// in a trial, under another price, or up to an earlier bill, is not among it.
  static func lines(
    of subscription: JSONObject, in period: BillingPeriod, _ call: Call
  ) throws -> [InvoiceLine] {
    try subscription.listed("items").flatMap { item -> [InvoiceLine] in
      let price = try SubscriptionItems.price(of: item, call)
      let start = start(of: item, subscription, in: period)
      guard PriceAmount.isMetered(price), start < period.end else { return [] }
      return try lines(
        of: price, item: item, subscription, in: BillingPeriod(start: start, end: period.end), call)
    }
  }

  private static func lines(
    of price: JSONObject, item: JSONObject, _ subscription: JSONObject, in period: BillingPeriod,
    _ call: Call
  ) throws -> [InvoiceLine] {
    let used = try Usage.used(price, item: item, of: subscription, in: period, call)
    let product = try SubscriptionItems.product(of: price, call)
    return try PriceAmount.charges(of: price, quantity: max(0, used)).map { charge in
      InvoiceLine(
        amount: charge.amount,
        description: PriceText.usage(charge, price: price, product: product),
        quantity: try Money.rounded(charge.quantity), price: price, period: period,
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
    // It has its price since then, or what was used before was billed in the middle of a period.
    if let since = item.timestamp("_usage_since") { start = max(start, since) }
    return start
  }
}

// MARK: Drafts

extension MeteredLines {
  /// A draft with its usage counted again: what is reported while the draft waits to be issued, an
  /// hour as a rule, is billed with the period in which it was used.
  static func recounted(
    _ draft: JSONObject, customer: JSONObject, _ call: Call
  ) throws -> JSONObject {
    guard let id = Invoices.subscriptionID(of: draft),
      let subscription = try call.find("subscription", id)
    else { return draft }
    var (lines, counted) = ([JSONObject](), Set<String>())
    for line in draft.listed("lines") {
      guard let (item, price, period) = try usage(line, subscription, call) else {
        lines.append(line)
        continue
      }
      guard counted.insert("\(item.id) \(period.start.seconds)").inserted else { continue }
      let new = try Self.lines(of: price, item: item, subscription, in: period, call)
      let old = draft.listed("lines").filter { isUsage($0, of: item.id, period) }
      lines += new.enumerated().map { index, line in
        let lineID = index < old.count ? old[index].id : call.newID("il", length: 24)
        return line.json(id: lineID, invoice: draft.id)
          .setting(["discounts": old.first?["discounts"] ?? []])
      }
    }
    guard !counted.isEmpty else { return draft }
    return try InvoiceTotals.filled(
      draft.setting(["lines": .list(lines, url: "/v1/invoices/\(draft.id)/lines")]),
      customer: customer, call)
  }

  /// The item, its price and the time of which a line bills the usage; nil for other lines.
  private static func usage(
    _ line: JSONObject, _ subscription: JSONObject, _ call: Call
  ) throws -> (item: JSONObject, price: JSONObject, period: BillingPeriod)? {
    let details = line.object("parent")?.object("subscription_item_details")
    let item = subscription.listed("items").first { $0.id == details?.string("subscription_item") }
    guard let item, let embedded = item.object("price"), PriceAmount.isMetered(embedded),
      details?["invoice_item"]?.string == nil, details?.bool("proration") == false,
      let period = line.object("period"), let start = period.timestamp("start"),
      let end = period.timestamp("end")
    else { return nil }
    let price = try SubscriptionItems.price(of: item, call)
    guard line.object("pricing")?.object("price_details")?.string("price") == price.id else {
      return nil
    }
    return (item, price, BillingPeriod(start: start, end: end))
  }

  private static func isUsage(
    _ line: JSONObject, of item: String, _ period: BillingPeriod
  ) -> Bool {
    let details = line.object("parent")?.object("subscription_item_details")
    return details?.string("subscription_item") == item && line["period"] == period.json
      && details?["invoice_item"]?.string == nil
  }
}
