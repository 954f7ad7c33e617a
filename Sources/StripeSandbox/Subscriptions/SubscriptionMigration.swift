import Basics

/// From classic to flexible billing mode: `POST /v1/subscriptions/{id}/migrate`. There is no way
/// back.
enum SubscriptionMigration {
  static func run(_ call: Call) throws -> JSON {
    try call.accept(only: "billing_mode")
    let subscription = try Subscriptions.current(try call.required("subscription"), call)
    guard !SubscriptionStatus.isTerminal(subscription) else {
      throw SandboxError.invalid(
        "You cannot migrate a subscription that has ended.", parameter: "billing_mode")
    }
    guard subscription.object("billing_mode")?.string("type") == "classic" else {
      throw SandboxError.invalid(
        "This subscription is in flexible billing mode already.",
        parameter: "billing_mode[type]")
    }
    let flexible = call.object("billing_mode")?.object("flexible")
    let migrated = subscription.setting([
      "billing_mode": [
        "flexible": ["proration_discounts": flexible?["proration_discounts"] ?? "included"],
        "type": "flexible", "updated_at": .time(call.now),
      ]
    ])
    return .object(
      try call.update(subscription, to: migrated, event: "customer.subscription.updated"))
  }
}
