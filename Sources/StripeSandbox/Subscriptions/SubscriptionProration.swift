import Basics

/// The lines of a change of subscription: what is given back of the old, what is charged for the
/// new, each by the second and rounded by itself (`Money.rounded`).
struct SubscriptionProration {
  let subscription: JSONObject
  /// From when the change counts.
  let moment: Timestamp
  let discounts: [(discount: JSONObject, coupon: JSONObject)]
  let call: Call

  /// The credit for what is left of the time that an item was charged for. It gives back part of
  /// what was charged, after discounts, not of what the price says.
  func credit(for item: JSONObject) throws -> InvoiceLine? {
    guard let debit = SubscriptionLines.debit(of: item.id, subscription) else { return nil }
    let amount = try Money.prorated(
      debit.amount, remaining: debit.period.remaining(at: moment), total: debit.period.seconds)
    guard amount != 0 else { return nil }
    return try line(
      "Unused", -amount, item, period: BillingPeriod(start: moment, end: debit.period.end),
      credited: debit.line)
  }

  /// The charge for an item from the moment of the change to the end of a period.
  func charge(for item: JSONObject, in period: BillingPeriod) throws -> InvoiceLine? {
    let price = try SubscriptionItems.price(of: item, call)
    guard !PriceAmount.isMetered(price) else { return nil }
    let full = try PriceAmount.amount(of: price, quantity: item.integer("quantity") ?? 1)
    let amount = try Money.prorated(
      try Discounts.afterPercentages(full, price: price, discounts),
      remaining: period.remaining(at: moment), total: period.seconds)
    guard amount != 0 else { return nil }
    return try line(
      "Remaining", amount, item, period: BillingPeriod(start: moment, end: period.end))
  }

  private func line(
    _ kind: String, _ amount: Int64, _ item: JSONObject, period: BillingPeriod,
    credited: InvoiceLine.Credited? = nil
  ) throws -> InvoiceLine {
    let price = try SubscriptionItems.price(of: item, call)
    let product = try SubscriptionItems.product(of: price, call)
    let quantity = item.integer("quantity") ?? 1
    return InvoiceLine(
      amount: amount,
      description: PriceText.proration(kind, product: product, quantity: quantity, at: moment),
      quantity: quantity, price: price, period: period, subscriptionID: subscription.id,
      subscriptionItemID: item.id, isProration: true, isDiscountable: false, credited: credited)
  }
}

extension SubscriptionProration {
  /// The prorations of a change from some items to others.
  func lines(
    from old: [JSONObject], to new: [JSONObject], _ course: SubscriptionChange.Course,
    period: BillingPeriod
  ) throws -> [InvoiceLine] {
    switch course {
    case .trial: return []
    case .restart, .trialUntil: return try old.compactMap { try credit(for: $0) }
    case .newGrid:
      return try pairs(old, new).flatMap { before, after -> [InvoiceLine] in
        [try before.flatMap(credit(for:)), try after.flatMap { try charge(for: $0, in: period) }]
          .compactMap { $0 }
      }
    case .samePeriod:
      return try pairs(old, new).flatMap { before, after -> [InvoiceLine] in
        if let before, let after, !SubscriptionChange.differs(before, after) { return [] }
        return [
          try before.flatMap(credit(for:)), try after.flatMap { try charge(for: $0, in: period) },
        ]
        .compactMap { $0 }
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
