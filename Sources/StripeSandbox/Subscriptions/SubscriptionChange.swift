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
    /// On the same anchor, but with another interval or after a trial: in the period of the
    /// anchor's grid in which the change lies.
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
  /// Whether an invoice is made at once.
  var isInvoicedAtOnce = false
}

extension SubscriptionChange {
  /// What is asked for, as far as the course depends on it.
  struct Wish {
    var isTrialing = false
    var endsTrial = false
    var trialUntil: Timestamp?
    /// `billing_cycle_anchor[type]`: `now`, `unchanged`.
    var anchor: String?
    var changesInterval = false
    /// From prices that cost nothing to prices that do.
    var leavesFree = false
    var isFlexible = true
  }

  /// The course that follows from a wish: the one place that decides about the anchor.
  ///
  /// - A new interval is invoiced at once. Classic billing mode sets the anchor to the moment of the
  ///   change and bills a whole period. Flexible mode keeps the anchor, and bills what is left of
  ///   the period in which the change lies: so it was recorded from Stripe, which was asked to
  ///   change a month's price for a year's with `proration_behavior=always_invoice` and
  ///   `trial_end=now`, and no trial; other parameters follow the same rule here. With
  ///   `proration_behavior=none` flexible mode bills the whole price (a choice).
  /// - From free to paid is invoiced at once: classic mode sets the anchor, flexible keeps it.
  /// - `billing_cycle_anchor[type]` decides over both: `now` sets it, `unchanged` keeps it.
  static func course(_ wish: Wish) -> Course {
    if let end = wish.trialUntil { return .trialUntil(end) }
    if wish.isTrialing {
      guard wish.endsTrial || wish.anchor == "now" else { return .trial }
      return wish.anchor == "unchanged" ? .newGrid : .restart
    }
    let keepsAnchor = wish.anchor.map { $0 == "unchanged" } ?? wish.isFlexible
    if wish.anchor == "now" { return .restart }
    if wish.changesInterval { return keepsAnchor ? .newGrid : .restart }
    return wish.leavesFree && !keepsAnchor ? .restart : .samePeriod
  }

  /// The period and the anchor of a course.
  static func schedule(
    _ course: Course, current: BillingPeriod, isTrialing: Bool = false, anchor: Timestamp,
    interval: BillingInterval, now: Timestamp
  ) -> (period: BillingPeriod, anchor: Timestamp) {
    switch course {
    case .samePeriod, .trial: (current, anchor)
    case .restart: (interval.period(containing: now, anchor: now), now)
    case .newGrid: (interval.period(containing: now, anchor: anchor), anchor)
    case .trialUntil(let end):
      (BillingPeriod(start: isTrialing ? current.start : now, end: end), end)
    }
  }

  /// The subscription after the change, before it is billed.
  func applied(to old: JSONObject, at now: Timestamp) -> JSONObject {
    let changed = Subscriptions.withItems(old, items)
      .setting(["billing_cycle_anchor": .time(anchor)])
    switch course {
    case .restart where old.string("status") == "trialing",
      .newGrid where old.string("status") == "trialing":
      return changed.setting(["status": "active", "trial_end": .time(now)])
    case .trialUntil(let end):
      return changed.setting([
        "status": "trialing", "trial_end": .time(end),
        "trial_start": old["trial_start"]?.integer.map { .integer($0) } ?? .time(now),
      ])
    default: return changed
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
        items[index]["_usage_since"] = .time(call.now)
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
