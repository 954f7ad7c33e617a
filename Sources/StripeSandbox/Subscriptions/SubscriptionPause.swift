import Basics

/// `pause_collection`: the subscription goes on, but its invoices are not collected.
enum SubscriptionPause {
  static func behavior(of subscription: JSONObject) -> String? {
    subscription.object("pause_collection")?.string("behavior")
  }

  /// What becomes of the invoice of a renewal, which was just made: with `void` and
  /// `mark_uncollectible` it is issued at once, so that it can be given up.
  static func close(_ draft: JSONObject, behavior: String?, _ call: Call) throws {
    guard behavior == "void" || behavior == "mark_uncollectible" else { return }
    guard let invoice = try InvoiceDue.finalized(draft, call), invoice.string("status") == "open"
    else { return }
    if behavior == "void" {
      try InvoiceVoid.end(invoice, call)
    } else {
      try InvoiceVoid.giveUp(invoice, reason: "subscription_paused", call)
    }
  }

  // MARK: Going on

  static func resumption(_ subscription: JSONObject) -> Timestamp? {
    subscription.object("pause_collection")?.timestamp("resumes_at")
  }

  /// Invoices are collected again from the next one on.
  static func resume(_ call: Call, _ subscription: JSONObject) throws {
    try call.update(
      subscription, to: subscription.setting(["pause_collection": .null]),
      event: "customer.subscription.updated")
  }
}
