import Basics

/// Whether a snapshot is news against what is stored. Pure: a table of tests stands behind it.
enum Freshness: Hashable, Sendable {
  /// It says something newer: write it.
  case news
  /// It says what is stored already.
  case known
  /// It is older than what is stored, or would revive what has ended.
  case stale

  /// What the mirror has of an object.
  struct Stored: Sendable {
    let json: JSON
    let asOf: Timestamp
    /// Whether an event told it; else a response or a page.
    let isFromEvent: Bool
    /// The event or operation that told it.
    let cause: String?
  }

  /// Older news never overwrites newer, and what has ended stays ended. Of two tellings of one
  /// second: an event whose `previous_attributes` match what is stored comes after it; a response
  /// comes after an event, since it was read when the change was done. Of several events of one
  /// second `SameSecond` tells which came last.
  static func of(_ snapshot: Snapshot, json: JSON, against stored: Stored?) -> Freshness {
    guard let stored else { return .news }
    if stored.json == json { return .known }
    if isTerminal(stored.json), !isTerminal(json) {
      return isMadeAnew(snapshot, after: stored) ? .news : .stale
    }
    if let isLater = isLaterTestClock(json, than: stored.json) { return isLater ? .news : .stale }
    if snapshot.asOf != stored.asOf { return snapshot.asOf > stored.asOf ? .news : .stale }
    guard case .event(let id, let previous) = snapshot.origin else { return .news }
    if let previous, matches(previous, stored.json) { return .news }
    // An end has no state after it, so the other telling was before it.
    if isTerminal(json), !isTerminal(stored.json) { return .news }
    guard stored.isFromEvent else { return .stale }
    let tellings = [
      SameSecond.Telling(eventID: id, json: json, previous: previous),
      SameSecond.Telling(eventID: stored.cause ?? "", json: stored.json, previous: nil),
    ]
    return SameSecond.last(of: tellings).index == 0 ? .news : .stale
  }

  /// A test clock only goes forward, and what is told of it may bear its own time or the real one.
  private static func isLaterTestClock(_ new: JSON, than old: JSON) -> Bool? {
    guard new["object"]?.string == "test_helpers.test_clock",
      let time = new["frozen_time"]?.integer, let known = old["frozen_time"]?.integer,
      time != known
    else { return nil }
    return time > known
  }

  /// Whether every attribute that the event says was there before is what is stored.
  static func matches(_ previous: JSON, _ stored: JSON) -> Bool {
    guard let attributes = previous.object, !attributes.isEmpty else { return false }
    return attributes.allSatisfy { key, value in
      switch (value, stored[key]) {
      case (.object, let inner?): matches(value, inner)
      case (_, let inner): inner == value || (inner == nil && value == .null)
      }
    }
  }

  /// The ids of products and coupons are chosen by people, so that one which was deleted can be made
  /// once more. All other ids are Stripe's, and never come back.
  private static func isMadeAnew(_ snapshot: Snapshot, after stored: Stored) -> Bool {
    guard ["product", "coupon"].contains(snapshot.type), snapshot.asOf > stored.asOf,
      let created = snapshot.object["created"]?.integer
    else { return false }
    return created >= stored.asOf.seconds
  }

  /// What has ended: canceled and expired subscriptions and their schedules, deleted objects, paid
  /// and void invoices, payments and pages that are over.
  static func isTerminal(_ json: JSON) -> Bool {
    if json["deleted"]?.bool == true { return true }
    return switch (json["object"]?.string, json["status"]?.string) {
    case ("subscription", "canceled"), ("subscription", "incomplete_expired"): true
    case ("invoice", "paid"), ("invoice", "void"): true
    case ("subscription_schedule", "completed"), ("subscription_schedule", "released"),
      ("subscription_schedule", "canceled"):
      true
    case ("payment_intent", "succeeded"), ("payment_intent", "canceled"),
      ("checkout.session", "complete"), ("checkout.session", "expired"):
      true
    default: false
    }
  }

  /// How far on in its life an object is, where two tellings of one second disagree.
  static func precedence(_ json: JSON) -> Int {
    if json["deleted"]?.bool == true { return 100 }
    let order =
      switch json["object"]?.string {
      case "subscription":
        [
          "incomplete", "trialing", "active", "past_due", "unpaid", "paused", "incomplete_expired",
          "canceled",
        ]
      case "subscription_schedule": ["not_started", "active", "completed", "released", "canceled"]
      case "invoice": ["draft", "open", "uncollectible", "paid", "void"]
      case "payment_intent":
        [
          "requires_payment_method", "requires_confirmation", "requires_action", "processing",
          "requires_capture", "succeeded", "canceled",
        ]
      case "checkout.session": ["open", "complete", "expired"]
      case "charge": ["pending", "failed", "succeeded"]
      default: [String]()
      }
    return json["status"]?.string.flatMap { order.firstIndex(of: $0) } ?? 0
  }
}
