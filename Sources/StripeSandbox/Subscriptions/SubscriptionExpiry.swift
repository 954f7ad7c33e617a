import Basics

/// A subscription whose first invoice was never paid ends 23 hours after it was made.
enum SubscriptionExpiry {
  static let seconds: Int64 = 23 * 3600

  static func moment(_ subscription: JSONObject) -> Timestamp? {
    guard subscription.string("status") == "incomplete" else { return nil }
    return subscription.timestamp("created").map { $0 + seconds }
  }

  /// Voids the first invoice, which is the end of the subscription.
  static func run(_ call: Call, _ subscription: JSONObject) throws {
    for invoice in try call.all(
      "invoice", where: ["_subscription": .string(subscription.id), "status": "open"])
    {
      try InvoicePay.settleSubscription(try InvoiceVoid.end(invoice, call), call)
    }
    let settled = try call.required("subscription", subscription.id)
    guard settled.string("status") == "incomplete" else { return }
    try call.update(
      settled,
      to: settled.setting(["status": "incomplete_expired", "ended_at": .time(call.now)]),
      event: "customer.subscription.updated")
  }
}
