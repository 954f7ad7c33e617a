import Basics

/// How a subscription stands, in a sentence: what a person wants to know after changing it.
enum SubscriptionWords {
  /// `ada@example.com is on Starter; the next bill comes on 2026-12-20.`
  static func of(_ subscription: JSONObject, customer: String) -> String {
    let plan =
      subscription["plan_name"]?.string ?? subscription["plan"]?.string
      ?? subscription["price"]?.string ?? "a price that plans.yaml does not know"
    let end = date(subscription["cancel_at"]) ?? date(subscription["current_period_end"]) ?? "-"
    let isEnding =
      subscription["cancel_at_period_end"] == true || date(subscription["cancel_at"]) != nil
    switch subscription["status"]?.string {
    case "active", "trialing", "past_due":
      if isEnding {
        return "\(customer) is on \(plan) until \(end); billing resume takes that back."
      }
      if let change = pendingChange(subscription) {
        return "\(customer) is on \(plan), then on \(change); billing resume takes that back."
      }
      let bill = nextBill(subscription) + pause(subscription)
      return subscription["status"] == "trialing"
        ? "\(customer) tries \(plan) until \(end)\(bill)." : "\(customer) is on \(plan)\(bill)."
    case "paused":
      return "\(customer) has no rights of \(plan) while it is paused; billing resume ends that."
    case "incomplete": return "\(customer) is on \(plan) as soon as the first payment is made."
    case "canceled", "incomplete_expired": return "\(customer) is no longer on \(plan)."
    case let status: return "\(customer) has no rights of \(plan) while it is \(status ?? "-")."
    }
  }

  /// `5 × starter by the month from 2026-12-20`; nil where no change is pending.
  static func pendingChange(_ subscription: JSONObject) -> String? {
    guard let change = subscription["pending_change"]?.object else { return nil }
    let interval = change["interval"]?.string.map { " by the \($0)" } ?? ""
    let quantity = change["quantity"]?.integer.flatMap { $0 == 1 ? nil : "\($0) × " } ?? ""
    return "\(quantity)\(change["plan"]?.string ?? "another plan")\(interval)"
      + " from \(date(change["at"]) ?? "-")"
  }

  private static func nextBill(_ subscription: JSONObject) -> String {
    date(subscription["next_billing_date"]).map { "; the next bill comes on \($0)" } ?? ""
  }

  private static func pause(_ subscription: JSONObject) -> String {
    guard let pause = subscription["pause"], pause != .null else { return "" }
    let end = date(pause["resumes_at"]).map { " until \($0)" } ?? ""
    return ", but nothing is collected\(end)"
  }

  private static func date(_ moment: JSON?) -> String? {
    moment?.string.flatMap(Timestamp.init(parsing:))?.iso8601Date
  }
}
