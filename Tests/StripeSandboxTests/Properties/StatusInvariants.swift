import Basics

@testable import StripeSandbox

/// States change only as Stripe's do, and events tell of each change.
enum StatusInvariants {
  /// Where a subscription can go from a state.
  private static let subscriptionArrows: [String: Set<String>] = [
    "incomplete": ["active", "trialing", "incomplete_expired"],
    "trialing": ["active", "past_due", "paused", "canceled", "unpaid"],
    "active": ["past_due", "trialing", "paused", "canceled", "unpaid"],
    "past_due": ["active", "trialing", "paused", "canceled", "unpaid"],
    "unpaid": ["active", "canceled", "trialing", "past_due"],
    "paused": ["active", "canceled", "past_due", "trialing"],
    "canceled": [], "incomplete_expired": [],
  ]

  private static let invoiceArrows: [String: Set<String>] = [
    "draft": ["open", "paid", "uncollectible", "void"],
    "open": ["paid", "uncollectible", "void"],
    "uncollectible": ["paid", "void"],
    "paid": [], "void": [],
  ]

  /// - Parameter events: the events of subscriptions and invoices, oldest first.
  static func faults(in events: [JSON]) -> [String] {
    var (states, faults) = ([String: String](), [String]())
    for event in events {
      guard let object = event[at: "data", "object"]?.object, let new = object.string("status"),
        let type = event["type"]?.string, type != "invoice.upcoming"
      else { continue }
      let arrows = object["object"] == "invoice" ? invoiceArrows : subscriptionArrows
      let old = states[object.id]
      states[object.id] = new
      guard let old else {
        if !type.hasSuffix(".created") { faults.append("\(object.id): \(type) before created") }
        continue
      }
      if old != new, arrows[old]?.contains(new) != true {
        faults.append("\(object.id): \(old) → \(new) in \(type)")
      }
      let told = event[at: "data", "previous_attributes", "status"]?.string
      if type.hasSuffix(".updated"), old != new, told != old {
        faults.append("\(object.id): \(type) tells \(told ?? "nothing") instead of \(old)")
      }
      if let told, told != old || old == new {
        faults.append("\(object.id): \(type) tells \(told), but it was \(old)")
      }
    }
    return faults
  }
}
