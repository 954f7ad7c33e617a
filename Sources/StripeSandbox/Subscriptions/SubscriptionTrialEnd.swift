import Basics

/// A trial is over and there is no card: what `trial_settings.end_behavior` wants then.
enum SubscriptionTrialEnd {
  /// Cancels or pauses a subscription whose trial ends now, where that is wanted; false where it
  /// goes on.
  static func stops(_ subscription: JSONObject, _ call: Call) throws -> Bool {
    let behavior = subscription.object("trial_settings")?.object("end_behavior")?
      .string("missing_payment_method")
    guard subscription.string("status") == "trialing", behavior == "cancel" || behavior == "pause",
      subscription.string("collection_method") == "charge_automatically"
    else { return false }
    let customer = try call.find("customer", subscription.string("customer") ?? "")
    guard try InvoicePay.defaultMethod(subscription, customer, call) == nil else { return false }
    if behavior == "cancel" {
      // Which reason Stripe gives was not found; of those that it declares this is the nearest.
      try SubscriptionCancel.end(subscription, reason: "payment_failed", call)
    } else {
      try pause(subscription, call)
    }
    return true
  }

  private static func pause(_ subscription: JSONObject, _ call: Call) throws {
    let paused = subscription.setting([
      "status": "paused",
      "status_details": [
        "paused": [
          "subscription": ["type": "trial_end_without_payment_method"],
          "transitioned_at": .time(call.now), "type": "subscription",
        ]
      ],
    ])
    try call.update(subscription, to: paused, event: "customer.subscription.updated")
    try call.emit("customer.subscription.paused", paused)
  }
}
