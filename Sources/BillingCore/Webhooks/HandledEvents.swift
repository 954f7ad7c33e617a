/// The types of events that have an effect here; all others are kept and ignored.
///
/// What an event tells enters the mirror by its object, whichever event tells it, and everything
/// that follows is a reaction to what became different: so there is one list, and no handlers.
package enum HandledEvents {
  /// The types one by one, as a webhook endpoint at Stripe has to name them.
  package static let types: [String] = families.flatMap { family, names in
    names.map { "\(family).\($0)" }
  }

  package static func contains(_ type: String) -> Bool { known.contains(type) }

  /// Whether it tells that usage was reported in vain. Endpoints of `/v1` cannot ask for these.
  package static func tellsMeterErrors(_ type: String) -> Bool {
    MeterError.eventTypes.contains(type)
  }

  /// The types that a version of the API has: an endpoint of another version cannot ask for them.
  ///
  /// The meters' came with 2025-03-31.basil
  /// (https://docs.stripe.com/changelog/basil/2025-03-31/billing-meter-webhooks).
  package static func types(in apiVersion: String) -> [String] {
    let hasMeters = apiVersion.prefix(10) >= "2025-03-31"
    return hasMeters ? types : types.filter { !$0.hasPrefix("billing.meter.") }
  }

  private static let known = Set(types).union(MeterError.eventTypes)

  private static let families: KeyValuePairs<String, [String]> = [
    "customer": ["created", "updated", "deleted"],
    "customer.subscription": [
      "created", "updated", "deleted", "trial_will_end", "paused", "resumed",
      "pending_update_applied", "pending_update_expired",
    ],
    "customer.discount": ["created", "updated", "deleted"],
    "invoice": [
      "created", "updated", "finalized", "paid", "payment_succeeded", "payment_failed",
      "payment_action_required", "upcoming", "voided", "marked_uncollectible", "overdue", "sent",
      "deleted", "will_be_due", "finalization_failed",
    ],
    "checkout.session": [
      "completed", "expired", "async_payment_succeeded", "async_payment_failed",
    ],
    "payment_method": ["attached", "detached", "updated", "automatically_updated"],
    "payment_intent": [
      "created", "succeeded", "payment_failed", "processing", "requires_action", "canceled",
    ],
    "charge": ["succeeded", "failed", "updated", "refunded"],
    "refund": ["created", "updated", "failed"],
    "product": ["created", "updated", "deleted"],
    "price": ["created", "updated", "deleted"],
    "coupon": ["created", "updated", "deleted"],
    "promotion_code": ["created", "updated"],
    "entitlements.active_entitlement_summary": ["updated"],
    "billing.meter": ["created", "updated", "deactivated", "reactivated"],
    "subscription_schedule": [
      "created", "updated", "expiring", "released", "completed", "canceled", "aborted",
    ],
    "test_helpers.test_clock": ["created", "advancing", "ready", "internal_failure", "deleted"],
  ]
}
