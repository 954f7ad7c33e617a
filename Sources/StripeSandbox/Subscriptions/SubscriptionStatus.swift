import Basics

/// In which states a subscription can be, and what leads from one to another.
enum SubscriptionStatus {
  static let all = [
    "active", "canceled", "incomplete", "incomplete_expired", "past_due", "paused", "trialing",
    "unpaid",
  ]

  /// The states in which it has ended for good.
  static let terminal = ["canceled", "incomplete_expired"]

  static func isTerminal(_ subscription: JSONObject) -> Bool {
    terminal.contains(subscription.string("status") ?? "")
  }

  /// The states that a list shows: all but canceled ones unless it asks for them.
  static func listed(_ filter: String?) -> [String] {
    switch filter {
    case nil: all.filter { $0 != "canceled" }
    case "all": all
    case "ended": terminal
    case let status?: [status]
    }
  }

  /// Where a subscription goes from a state when one of its invoices has come to a state.
  ///
  /// - Parameter owesMore: whether another of its invoices is open.
  static func after(status: String, invoice: String, isFirst: Bool, owesMore: Bool) -> String {
    switch (status, invoice) {
    case ("incomplete", "paid") where isFirst: "active"
    case ("incomplete", "void") where isFirst: "incomplete_expired"
    case ("past_due", "paid"), ("past_due", "void"), ("past_due", "uncollectible"),
      ("unpaid", "paid"):
      owesMore ? status : "active"
    case ("active", "open"): "past_due"
    default: status
    }
  }

  /// The same from the objects. An open invoice is one whose payment was tried and did not succeed.
  static func after(
    _ invoice: JSONObject, of subscription: JSONObject, _ call: Call
  ) throws -> String {
    let status = subscription.string("status") ?? ""
    let others = try call.all(
      "invoice", where: ["_subscription": .string(subscription.id), "status": "open"])
    let isTried =
      invoice.string("status") == "open"
      && invoice.string("collection_method") == "charge_automatically"
    return after(
      status: status, invoice: isTried ? "open" : invoice.string("status") ?? "",
      isFirst: invoice.string("billing_reason") == "subscription_create",
      owesMore: others.contains { $0.id != invoice.id })
  }
}
