import Basics

/// What a change of items, trial or anchor means: the new items and periods, and what is credited
/// and charged for it. A value: nothing is stored.
struct SubscriptionChange {
  /// How the billing goes on.
  enum Course: Hashable {
    /// Within the same period.
    case samePeriod
    /// Within the same trial, which costs nothing.
    case trial
    /// In a new period that begins at the moment of the change, with a new anchor.
    case restart
    /// On the same anchor, but with another interval: in the period of the new interval in which
    /// the change lies.
    case newGrid
    /// In a trial until a moment, which begins now or goes on.
    case trialUntil(Timestamp)
  }

  var items: [JSONObject]
  var course: Course
  var anchor: Timestamp
  var period: BillingPeriod
  /// Credits and charges for parts of periods.
  var prorations: [InvoiceLine] = []
  /// Charges for whole periods.
  var charges: [InvoiceLine] = []
  /// Whether an invoice is made at once, whatever was asked for.
  var isInvoicedAtOnce = false
}

extension SubscriptionChange {
  /// The course that follows from what is asked for.
  ///
  /// Recorded from Stripe: in flexible billing mode a change of interval keeps the anchor; classic
  /// mode sets it to the moment of the change.
  static func course(
    isTrialing: Bool, endsTrial: Bool, trialUntil: Timestamp?, resetsAnchor: Bool,
    changesInterval: Bool, isFlexible: Bool
  ) -> Course {
    if let trialUntil { return .trialUntil(trialUntil) }
    if isTrialing { return endsTrial || resetsAnchor ? .restart : .trial }
    if resetsAnchor { return .restart }
    guard changesInterval else { return .samePeriod }
    return isFlexible ? .newGrid : .restart
  }

  /// The period and the anchor of a course.
  static func schedule(
    _ course: Course, current: BillingPeriod, isTrialing: Bool = false, anchor: Timestamp,
    interval: BillingInterval,
    now: Timestamp
  ) -> (period: BillingPeriod, anchor: Timestamp) {
    switch course {
    case .samePeriod, .trial: (current, anchor)
    case .restart: (interval.period(containing: now, anchor: now), now)
    case .newGrid: (interval.period(containing: now, anchor: anchor), anchor)
    case .trialUntil(let end):
      (BillingPeriod(start: isTrialing ? current.start : now, end: end), end)
    }
  }
}

// MARK: Items

extension SubscriptionChange {
  /// The items after a request: an item id changes that item, none adds one. A new price sets the
  /// quantity to 1 unless one is given.
  static func items(
    _ current: [JSONObject], _ wanted: [ItemRequest], subscription: String, _ call: Call
  ) throws -> [JSONObject] {
    var items = current
    for request in wanted {
      guard let index = items.firstIndex(where: { $0.id == request.id }) else {
        items.append(try SubscriptionItems.made(request, subscription: subscription, call))
        continue
      }
      guard !request.isDeleted else {
        items.remove(at: index)
        continue
      }
      let old = items[index]
      items[index] = try changed(old, request)
      if old.object("price")?.id != request.price.id {
        items[index]["_price_since"] = .time(call.now)
      }
    }
    try ItemRequest.check(items)
    return items
  }

  private static func changed(
    _ item: JSONObject, _ request: ItemRequest
  ) throws -> JSONObject {
    var changed = item
    if let metadata = request.metadata {
      changed["metadata"] = try Metadata.merged(
        item.object("metadata") ?? [:], with: metadata == "" ? .null : metadata,
        parameter: request.name("metadata"))
    }
    if item.object("price")?.id != request.price.id {
      changed["price"] = SubscriptionItems.embedded(request.price)
      changed["plan"] = SubscriptionItems.plan(request.price)
      changed["quantity"] = JSON(request.billedQuantity)
    } else if let quantity = request.quantity {
      changed["quantity"] = .integer(quantity)
    }
    return changed
  }

  /// Whether something that is billed differs.
  static func differs(_ item: JSONObject, _ other: JSONObject?) -> Bool {
    item.object("price")?.id != other?.object("price")?.id || item["quantity"] != other?["quantity"]
  }
}
