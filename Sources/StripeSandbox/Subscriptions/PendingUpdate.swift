import Basics

/// `payment_behavior=pending_if_incomplete`: a change that is made when its invoice is paid, and
/// forgotten when that does not happen in time.
enum PendingUpdate {
  static let behavior = "pending_if_incomplete"

  /// How long a change waits at most; it does not outlast the period or the trial.
  static let seconds: Int64 = 23 * 3600

  /// What a change may ask for that can wait.
  /// https://docs.stripe.com/billing/subscriptions/pending-updates-reference
  private static let supported: Set<String> = [
    "add_invoice_items", "billing_cycle_anchor", "expand", "items", "payment_behavior",
    "proration_behavior", "proration_date", "trial_end", "trial_from_plan",
  ]
  private static let supportedOfItems: Set<String> = [
    "deleted", "id", "plan", "price", "price_data", "quantity",
  ]

  /// Refuses what cannot wait.
  static func check(_ call: Call) throws {
    guard call.string("payment_behavior") == behavior else { return }
    let entries = call.array("items") ?? []
    let ofItems = entries.enumerated().flatMap { index, entry in
      (entry.object?.keys.filter { !supportedOfItems.contains($0) } ?? [])
        .map { "items[\(index)][\($0)]" }
    }
    let others = call.parameters.keys.filter { !supported.contains($0) }
    if let name = (others + ofItems).sorted().first {
      throw SandboxError.invalid(
        """
        You cannot pass \(name) with `payment_behavior=pending_if_incomplete`, which only takes \
        the parameters that pending updates support.
        """, parameter: name)
    }
  }

  /// Refuses it where there is nothing to change yet.
  static func checkAbsent(_ call: Call) throws {
    guard call.string("payment_behavior") == behavior else { return }
    throw SandboxError.invalid(
      """
      `payment_behavior=pending_if_incomplete` can only be used to update a subscription.
      """, parameter: "payment_behavior")
  }
}

// MARK: Waiting

extension PendingUpdate {
  /// Bills a change and makes it if that is paid at once; else it waits.
  static func bill(
    _ draft: InvoiceDraft, _ made: JSONObject, from old: JSONObject, to new: JSONObject,
    with collection: SubscriptionCollection, _ call: Call
  ) throws {
    let invoice = try draft.store(made.setting(["_is_pending_update": true]), call)
    try collection.collect(invoice, call)
    let tried = try call.required("invoice", invoice.id)
    // What was collected may have changed it: a coupon is spent, a card is kept.
    let stored = try Subscriptions.current(try call.required("subscription", old.id), call)
    let debits = try SubscriptionLines.debits(of: invoice, on: new)
    let changes = changes(from: old, to: new.setting(["_debits": debits]))
    let latest = stored.setting(["latest_invoice": .string(invoice.id)])
    let after =
      tried.string("status") == "paid"
      ? latest.merging(changes) : waiting(latest, for: invoice, changes, call)
    try call.update(stored, to: after, event: SubscriptionBilling.event)
  }

  /// The subscription while it waits. A resumption waits in the same way, but is not shown.
  private static func waiting(
    _ subscription: JSONObject, for invoice: JSONObject, _ changes: JSONObject, _ call: Call
  ) -> JSONObject {
    let isResumption = subscription.string("status") == "paused"
    let periodEnd = isResumption ? nil : SubscriptionFields.periodEnd(subscription)
    let expiry = min(call.now + seconds, periodEnd ?? .latest)
    return subscription.setting([
      "pending_update": isResumption ? .null : shown(changes, until: expiry),
      "_pending": [
        "invoice": .string(invoice.id), "changes": .object(changes), "expires_at": .time(expiry),
        "applied": isResumption
          ? "customer.subscription.resumed" : "customer.subscription.pending_update_applied",
      ],
    ])
  }

  private static func changes(from old: JSONObject, to new: JSONObject) -> JSONObject {
    let changed = new.filter { old[$0.key] != $0.value }
    return JSONObject(uniqueKeysWithValues: changed.map { ($0.key, $0.value) })
  }

  /// `pending_update`: what will change, as far as it is shown.
  private static func shown(_ changes: JSONObject, until expiry: Timestamp) -> JSON {
    [
      "billing_cycle_anchor": changes["billing_cycle_anchor"] ?? .null,
      "cancel_at_period_end": .null, "discount": .null, "discounts": .null,
      "expires_at": .time(expiry), "metadata": .null,
      "subscription_items": changes["items"]?["data"] ?? .null,
      "trial_end": changes["trial_end"] ?? .null, "trial_from_plan": .null,
    ]
  }
}

// MARK: The end of the wait

extension PendingUpdate {
  /// What the state of an invoice means to the change that waits for it.
  ///
  /// - Returns: whether it means nothing else to the subscription, which goes on as it was.
  static func settle(_ invoice: JSONObject, _ call: Call) throws -> Bool {
    guard invoice.bool("_is_pending_update") == true else { return false }
    guard let id = Invoices.subscriptionID(of: invoice),
      let subscription = try call.find("subscription", id),
      let pending = subscription.object("_pending"), pending.string("invoice") == invoice.id
    else { return invoice.string("status") != "paid" }
    switch invoice.string("status") {
    case "paid":
      let changed = cleared(subscription).merging(pending.object("changes") ?? [:])
      try call.update(subscription, to: changed, event: SubscriptionBilling.event)
      try call.emit(pending.string("applied") ?? "", changed)
      return false
    case "void", "uncollectible":
      try forget(subscription, call)
    default: break
    }
    return true
  }

  static func expiry(_ subscription: JSONObject) -> Timestamp? {
    subscription.object("_pending")?.timestamp("expires_at")
  }

  static func expire(_ call: Call, _ subscription: JSONObject) throws {
    _ = try drop(from: subscription, call)
  }

  /// Gives a waiting change up, if there is one, and its invoice: it is too late, another change
  /// takes its place, or the subscription ends.
  static func drop(from subscription: JSONObject, _ call: Call) throws -> JSONObject {
    guard let id = subscription.object("_pending")?.string("invoice") else { return subscription }
    if let invoice = try call.find("invoice", id), invoice.string("status") == "open" {
      try InvoiceVoid.end(invoice, call)
    }
    return try forget(subscription, call)
  }

  /// Every change that was not made is told as expired, whatever the reason: Stripe does not say
  /// what else it would tell.
  @discardableResult
  private static func forget(_ subscription: JSONObject, _ call: Call) throws -> JSONObject {
    let kept = cleared(subscription)
    try call.save(kept)
    if subscription.object("pending_update") != nil {
      try call.emit("customer.subscription.pending_update_expired", kept)
    }
    return kept
  }

  private static func cleared(_ subscription: JSONObject) -> JSONObject {
    subscription.setting(["pending_update": .null]).removing("_pending")
  }
}
