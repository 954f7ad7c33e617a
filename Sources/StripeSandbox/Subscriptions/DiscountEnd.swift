import Basics

/// A coupon that repeats for some months has run out: its discount leaves the subscription.
///
/// Stripe documents `customer.discount.deleted` for it. That the subscription, which has one
/// discount less, is told about too, and after it, is the sandbox's choice.
enum DiscountEnd {
  static let due = Due(moment: moment, run: run)

  @Sendable private static func moment(_ discount: JSONObject) -> Timestamp? {
    discount["_has_ended"] == true ? nil : discount.timestamp("end")
  }

  @Sendable private static func run(_ call: Call, _ discount: JSONObject) throws {
    // It still stands on invoices, so that it is kept.
    try call.save(discount.setting(["_has_ended": true]))
    guard let id = discount.string("subscription"), let stored = try call.find("subscription", id),
      !SubscriptionStatus.isTerminal(stored),
      stored.strings("discounts").contains(discount.id)
    else { return }
    try call.emit("customer.discount.deleted", discount)
    let subscription = try Subscriptions.current(stored, call)
    let left = subscription.strings("discounts").filter { $0 != discount.id }
    try call.update(
      subscription, to: subscription.setting(["discounts": .array(left.map { .string($0) })]),
      event: "customer.subscription.updated")
  }
}
