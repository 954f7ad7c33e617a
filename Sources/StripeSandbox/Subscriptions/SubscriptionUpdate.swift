import Basics

/// Changing a subscription: `POST /v1/subscriptions/{id}`.
enum SubscriptionUpdate {
  static func run(_ call: Call) throws -> JSON {
    try call.accept(
      only: "items", "metadata", "cancel_at_period_end", "cancel_at", "cancellation_details",
      "default_payment_method", "proration_behavior", "proration_date", "trial_end",
      "pause_collection", "discounts", "payment_behavior", "billing_cycle_anchor",
      "collection_method", "days_until_due", "description", "trial_settings",
      "payment_settings", "invoice_settings", "off_session", "add_invoice_items", "_schedule")
    try PendingUpdate.check(call)
    var subscription = try Subscriptions.current(try call.required("subscription"), call)
    try checkState(of: subscription, call)
    try ScheduleEnd.check(call, subscription)
    let customer = try call.required("customer", subscription.string("customer") ?? "")
    if SubscriptionChange.isAsked(call) {
      subscription = try PendingUpdate.drop(from: subscription, call)
    }
    var changed = subscription
    changed["metadata"] = try call.mergedMetadata(of: subscription)
    if SubscriptionStatus.isTerminal(subscription) {
      SubscriptionFields.applyDetails(call.object("cancellation_details"), to: &changed)
      return .object(
        try call.update(subscription, to: changed, event: "customer.subscription.updated"))
    }
    try SubscriptionFields.apply(call, to: &changed, customer: customer)
    try applyPause(call, to: &changed)
    try applyDiscounts(call, to: &changed)
    let change = try SubscriptionChange.asked(call, of: changed)
    if let change { changed = change.applied(to: changed, at: call.now) }
    try SubscriptionFields.applyCancellation(call, to: &changed)
    try SubscriptionBilling.carryOut(
      change, from: subscription, to: changed, customer: customer, call)
    return .object(try Subscriptions.current(try call.required("subscription"), call))
  }

  /// What has ended, or has not begun, can hardly be changed.
  private static func checkState(of subscription: JSONObject, _ call: Call) throws {
    let names = Set(call.parameters.keys).subtracting(["expand", "metadata"])
    if SubscriptionStatus.isTerminal(subscription) {
      guard names.isSubset(of: ["cancellation_details"]) else {
        throw SandboxError.invalid(
          """
          A canceled subscription can only update its cancellation_details and metadata.
          """, code: "invalid_canceled_subscription_fields")
      }
    }
    guard subscription.string("status") == "incomplete", !names.isEmpty else { return }
    throw SandboxError.invalid(
      """
      You cannot update a subscription in `incomplete` status in this way. Only the \
      default_source and metadata can be updated.
      """)
  }

  private static func applyPause(_ call: Call, to subscription: inout JSONObject) throws {
    guard let pause = call["pause_collection"] else { return }
    guard pause.isNull || pause.object != nil else {
      throw SandboxError.invalid("Invalid object", parameter: "pause_collection")
    }
    if let resumes = pause["resumes_at"]?.integer, resumes <= call.now.seconds {
      throw SandboxError.invalid(
        "Invalid timestamp: must be an integer Unix timestamp in the future.",
        parameter: "pause_collection[resumes_at]")
    }
    subscription["pause_collection"] =
      pause.object.map { given -> JSON in
        ["behavior": given["behavior"] ?? .null, "resumes_at": given["resumes_at"] ?? .null]
      } ?? .null
  }

  /// The empty string takes all discounts away; without the parameter they stay.
  private static func applyDiscounts(_ call: Call, to subscription: inout JSONObject) throws {
    guard let given = call["discounts"] else { return }
    guard given.isNull || given.array != nil else {
      throw SandboxError.invalid("Invalid array", parameter: "discounts")
    }
    let old = subscription.strings("discounts")
    let new = try Discounts.redeemed(
      call, subscription: subscription.id, customer: subscription.string("customer") ?? "",
      current: old, currency: subscription.string("currency")
    ).map { $0.id }
    for id in old where !new.contains(id) {
      if let discount = try call.find("discount", id) { try DiscountEnd.end(discount, call) }
    }
    subscription["discounts"] = .array(new.map { .string($0) })
  }
}
