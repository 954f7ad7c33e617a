import Basics

/// The `pending_setup_intent` of a subscription that begins without a payment: in a trial, with
/// usage alone, or free of charge.
///
/// Stripe sets the card up for what will be charged later, and leaves a setup intent for the
/// customer where that takes more than the card: no card, one that asks for authentication, or
/// `default_incomplete`. Known from its guides; that nothing is told of a card which needs no more,
/// that the intent comes before the subscription in the events, and that the card becomes the
/// subscription's own once it is set up, is chosen here.
enum SubscriptionSetup {
  /// Makes the setup intent of a new subscription, where it needs one; its id.
  static func begin(
    _ subscription: JSONObject, with method: JSONObject?, behavior: String, _ call: Call
  ) throws -> String? {
    guard subscription.string("collection_method") == "charge_automatically" else { return nil }
    let waits = behavior == "default_incomplete"
    if let method, !waits, SetupAttempt.outcome(of: method) == .succeeded { return nil }
    let intent = SetupIntents.made(call).setting([
      "customer": subscription["customer"] ?? .null, "_subscription": .string(subscription.id),
      "payment_method": JSON(method?.id),
      "status": method == nil ? "requires_payment_method" : "requires_confirmation",
    ])
    try call.create(intent, event: "setup_intent.created")
    if let method, !waits { _ = try SetupAttempt.run(intent, with: method, call) }
    return intent.id
  }

  /// Takes a setup intent that has succeeded from its subscription, which keeps the card.
  static func finish(_ intent: JSONObject, _ call: Call) throws {
    guard let id = intent.string("_subscription"),
      let stored = try call.find("subscription", id),
      stored.string("pending_setup_intent") == intent.id, !SubscriptionStatus.isTerminal(stored)
    else { return }
    let subscription = try Subscriptions.current(stored, call)
    let changed = subscription.setting([
      "pending_setup_intent": .null, "default_payment_method": intent["payment_method"] ?? .null,
    ])
    try call.update(subscription, to: changed, event: "customer.subscription.updated")
  }
}
