import Basics

/// The lines of a change of subscription: what is given back of the old, what is charged for the
/// new, each by the second and rounded by itself (`Money.rounded`).
struct SubscriptionProration {
  /// As it was before the change.
  let subscription: JSONObject
  /// From when the change counts.
  let moment: Timestamp
  /// Those of which prorations bear their part.
  private let discounts: [(discount: JSONObject, coupon: JSONObject)]
  private let call: Call

  /// - Parameter bearsDiscounts: false where the discounts of the invoice apply to the lines. A
  ///   coupon that counts once counts on the next invoice's other lines only: prorations would use
  ///   it up for a part of a period (a choice).
  init(
    of subscription: JSONObject, from moment: Timestamp, bearsDiscounts: Bool = true, _ call: Call
  ) throws {
    (self.subscription, self.moment, self.call) = (subscription, moment, call)
    let ids = bearsDiscounts ? subscription.strings("discounts") : []
    discounts = try Discounts.running(ids, at: call.now, call).filter {
      $0.coupon.string("duration") != "once"
    }
  }

  /// The credits for what is left of the time that an item was charged for.
  ///
  /// Flexible billing mode gives back part of what was charged, after discounts, every charge by
  /// itself; classic mode part of what the item costs now.
  func credits(for item: JSONObject) throws -> [InvoiceLine] {
    let debits = Debits(of: subscription)[item.id]
    guard subscription.object("billing_mode")?.string("type") == "classic" else {
      return try debits.compactMap { debit in
        guard let rest = debit.rest(from: moment) else { return nil }
        return try line(
          "Unused", -debit.amount, of: debit.period, item, period: rest, credited: debit.line)
      }
    }
    let period = SubscriptionItems.period(of: item)
    guard subscription.string("status") != "trialing", period.end > moment,
      let cost = try costs(of: subscription.listed("items"))[item.id]
    else { return [] }
    let rest = BillingPeriod(start: max(moment, period.start), end: period.end)
    return [
      try line(
        "Unused", -cost, of: whole(period, item, anchor: subscription), item, period: rest,
        credited: debits.last?.line)
    ].compactMap { $0 }
  }

  /// The charges for items from the moment of the change to the end of their period.
  ///
  /// - Parameter after: the subscription after the change.
  func charges(in after: JSONObject) throws -> [String: InvoiceLine] {
    let costs = try costs(of: after.listed("items"))
    var lines: [String: InvoiceLine] = [:]
    for item in after.listed("items") {
      let period = SubscriptionItems.period(of: item)
      guard let cost = costs[item.id], period.end > moment else { continue }
      let rest = BillingPeriod(start: max(moment, period.start), end: period.end)
      lines[item.id] = try line(
        "Remaining", cost, of: whole(period, item, anchor: after), item, period: rest)
    }
    return lines
  }

  /// What licensed items cost for a whole period after their part of the discounts: percentages,
  /// and amounts spread over the items in proportion.
  private func costs(of items: [JSONObject]) throws -> [String: Int64] {
    let billed = Subscriptions.withItems(subscription, items).setting(["status": "active"])
    let lines = try SubscriptionLines.full(of: billed, call)
    let rules = try Discounts.rules(
      discounts, products: lines.map { $0.price.string("product") ?? "" },
      currency: subscription.string("currency") ?? "")
    let totals = try InvoiceArithmetic.totals(
      lines.map { .init(amount: $0.amount) }, discounts: rules)
    var costs: [String: Int64] = [:]
    for (line, taken) in zip(lines, totals.lineDiscounts) {
      costs[line.subscriptionItemID ?? ""] = line.amount - (try Money.sum(taken))
    }
    return costs
  }

  /// The whole period of the anchor's grid in which a first, shorter period lies; every other is
  /// whole itself.
  private func whole(
    _ period: BillingPeriod, _ item: JSONObject, anchor subscription: JSONObject
  ) -> BillingPeriod {
    guard let interval = item.object("price").flatMap({ BillingInterval(price: $0) }),
      let anchor = subscription.timestamp("billing_cycle_anchor")
    else { return period }
    return interval.period(containing: period.start, anchor: anchor)
  }

  /// nil where it comes to nothing.
  private func line(
    _ kind: String, _ amount: Int64, of whole: BillingPeriod, _ item: JSONObject,
    period: BillingPeriod, credited: InvoiceLine.Credited? = nil
  ) throws -> InvoiceLine? {
    let part = try Money.prorated(amount, remaining: period.seconds, total: whole.seconds)
    guard part != 0 else { return nil }
    let price = try SubscriptionItems.price(of: item, call)
    let product = try SubscriptionItems.product(of: price, call)
    let quantity = item.integer("quantity") ?? 1
    return InvoiceLine(
      amount: part,
      description: PriceText.proration(kind, product: product, quantity: quantity, at: moment),
      quantity: quantity, price: price, period: period, subscriptionID: subscription.id,
      subscriptionItemID: item.id, isProration: true, isDiscountable: false, credited: credited)
  }
}

extension SubscriptionProration {
  /// The credits of a change and its charges for parts of periods: item by item, in the order of the
  /// old ones and then of those that are new.
  func lines(
    from old: [JSONObject], to after: JSONObject, _ course: SubscriptionChange.Course
  ) throws -> [InvoiceLine] {
    let new = after.listed("items")
    switch course {
    case .trial: return []
    case .restart, .trialUntil: return try old.flatMap { try credits(for: $0) }
    case .newGrid, .samePeriod:
      let charges = try charges(in: after)
      return try pairs(old, new).flatMap { before, after -> [InvoiceLine] in
        if course == .samePeriod, let before, let after,
          !SubscriptionChange.differs(before, after)
        {
          return []
        }
        return (try before.map { try credits(for: $0) } ?? [])
          + [after.flatMap { charges[$0.id] }].compactMap { $0 }
      }
    }
  }

  /// Old and new items side by side, by their ids.
  private func pairs(
    _ old: [JSONObject], _ new: [JSONObject]
  ) -> [(before: JSONObject?, after: JSONObject?)] {
    old.map { item in (item, new.first { $0.id == item.id }) }
      + new.filter { item in !old.contains { $0.id == item.id } }.map { (nil, $0) }
  }
}
