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
    try SubscriptionCollection.checkBehavior(call)
    let subscription = try Subscriptions.current(try call.required("subscription"), call)
    try checkState(of: subscription, call)
    try ScheduleEnd.check(call, subscription)
    let customer = try call.required("customer", subscription.string("customer") ?? "")
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
    let change = try change(of: changed, call)
    if let change { apply(change, to: &changed, call) }
    try SubscriptionFields.applyCancellation(call, to: &changed)
    try carryOut(change, from: subscription, to: changed, customer: customer, call)
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
      if let discount = try call.find("discount", id) { try Discounts.end(discount, call) }
    }
    subscription["discounts"] = .array(new.map { .string($0) })
  }
}

// MARK: The change

extension SubscriptionUpdate {
  /// What the call changes of what is billed; nil where it changes nothing of that.
  private static func change(of subscription: JSONObject, _ call: Call) throws
    -> SubscriptionChange?
  {
    let names = ["items", "trial_end", "billing_cycle_anchor", "add_invoice_items"]
    guard names.contains(where: { call.has($0) }) else { return nil }
    let old = subscription.listed("items")
    let new = try SubscriptionChange.items(
      old, try ItemRequest.read(call, current: old), subscription: subscription.id, call)
    guard let first = old.first,
      let before = first.object("price").flatMap({ BillingInterval(price: $0) }),
      let after = new.first?.object("price").flatMap({ BillingInterval(price: $0) })
    else { throw SandboxError.unexpected }
    let course = SubscriptionChange.course(
      isTrialing: subscription.string("status") == "trialing",
      endsTrial: call.string("trial_end") == "now",
      trialUntil: try SubscriptionTrial.requestedEnd(call),
      resetsAnchor: call.object("billing_cycle_anchor")?.string("type") == "now",
      changesInterval: before != after,
      isFlexible: subscription.object("billing_mode")?.string("type") == "flexible")
    let current = SubscriptionItems.period(of: first)
    let (period, anchor) = SubscriptionChange.schedule(
      course, current: current, isTrialing: subscription.string("status") == "trialing",
      anchor: subscription.timestamp("billing_cycle_anchor") ?? current.start, interval: after,
      now: call.now)
    var change = SubscriptionChange(
      items: new.map { SubscriptionItems.setting(period, of: $0) }, course: course,
      anchor: anchor, period: period)
    try fillLines(of: &change, from: subscription, call)
    return change
  }

  private static func fillLines(
    of change: inout SubscriptionChange, from subscription: JSONObject, _ call: Call
  ) throws {
    let old = subscription.listed("items")
    let moment = call.timestamp("proration_date") ?? call.now
    if call.has("proration_date"), let current = old.first.map(SubscriptionItems.period(of:)) {
      guard current.start <= moment, moment <= current.end else {
        throw SandboxError.invalid(
          "Cannot specify a proration date outside of the current subscription period.",
          parameter: "proration_date")
      }
    }
    let discounts = try Discounts.running(subscription.strings("discounts"), at: call.now, call)
    let proration = SubscriptionProration(
      subscription: subscription, moment: moment, discounts: discounts, call: call)
    let isProrated = call.string("proration_behavior") != "none"
    if isProrated {
      change.prorations = try proration.lines(
        from: old, to: change.items, change.course, period: change.period)
    }
    let billed = Subscriptions.withItems(subscription, change.items)
    switch change.course {
    case .restart:
      change.charges = try SubscriptionLines.full(
        of: billed.setting(["status": "active"]), call)
    case .newGrid where !isProrated:
      change.charges = try SubscriptionLines.full(of: billed, call)
    case .trialUntil where subscription.string("status") != "trialing":
      change.charges = try SubscriptionLines.full(
        of: billed.setting(["status": "trialing"]), call)
    default: break
    }
    let isFromFree =
      change.course == .samePeriod && !change.prorations.isEmpty
      && old.allSatisfy { (SubscriptionLines.debit(of: $0.id, subscription)?.amount ?? 0) == 0 }
    change.isInvoicedAtOnce =
      !change.charges.isEmpty || change.course == .newGrid || isFromFree
  }

  /// The subscription after the change, before it is billed.
  private static func apply(
    _ change: SubscriptionChange, to subscription: inout JSONObject, _ call: Call
  ) {
    subscription = Subscriptions.withItems(subscription, change.items)
    subscription["billing_cycle_anchor"] = .time(change.anchor)
    switch change.course {
    case .restart where subscription.string("status") == "trialing":
      subscription = subscription.setting(["status": "active", "trial_end": .time(call.now)])
    case .trialUntil(let end):
      subscription = subscription.setting([
        "status": "trialing", "trial_end": .time(end),
        "trial_start": subscription["trial_start"]?.integer.map { .integer($0) } ?? .time(call.now),
      ])
    default: break
    }
  }
}

// MARK: Carrying it out

extension SubscriptionUpdate {
  private static func carryOut(
    _ change: SubscriptionChange?, from old: JSONObject, to new: JSONObject,
    customer: JSONObject, _ call: Call
  ) throws {
    let extra = try AddedInvoiceItems.lines(call, subscription: new)
    let event = "customer.subscription.updated"
    guard let change, !(change.prorations + change.charges + extra).isEmpty else {
      try call.update(old, to: new, event: event)
      return
    }
    for line in change.prorations + extra {
      _ = try InvoiceItems.add(line, customer: customer, to: new, call)
    }
    let isAtOnce =
      change.isInvoicedAtOnce || call.string("proration_behavior") == "always_invoice"
    guard isAtOnce else {
      try call.update(old, to: noteWaiting(change.prorations, on: new), event: event)
      return
    }
    try invoice(change, from: old, to: new, customer: customer, call)
  }

  private static func invoice(
    _ change: SubscriptionChange, from old: JSONObject, to new: JSONObject,
    customer: JSONObject, _ call: Call
  ) throws {
    let pending = try InvoiceItems.pending(of: new, call)
    let start = old.listed("items").first.map { SubscriptionItems.period(of: $0).start }
    let begins = change.course == .restart ? call.now : start ?? call.now
    let draft = InvoiceDraft(
      customer: customer, subscription: new,
      lines: pending.map { InvoiceItems.line($0) } + change.charges,
      reason: "subscription_update", period: BillingPeriod(start: begins, end: call.now),
      discountIDs: new.strings("discounts"), id: call.newID("in", length: 24), items: pending)
    let made = try draft.made(call)
    let isSent = new.string("collection_method") == "send_invoice"
    let method = try InvoicePay.defaultMethod(new, customer, call)
    let behavior = call.string("payment_behavior") ?? "allow_incomplete"
    if made.integer("amount_due") ?? 0 > 0, !isSent, method == nil,
      behavior != "default_incomplete"
    {
      throw InvoicePay.noPaymentMethod
    }
    try call.update(
      old, to: new.setting(["latest_invoice": .string(made.id)]),
      event: "customer.subscription.updated")
    let invoice = try draft.store(made, call)
    try SubscriptionLines.noteDebits(of: invoice, call)
    try SubscriptionCollection.collect(
      invoice, with: method, behavior: behavior, isSent: isSent, call)
  }

  /// Notes charges that wait for the next invoice, so that the next change credits them.
  private static func noteWaiting(
    _ lines: [InvoiceLine], on subscription: JSONObject
  ) -> JSONObject {
    var debits = subscription.object("_debits") ?? [:]
    for line in lines {
      guard let item = line.subscriptionItemID else { continue }
      // A credit leaves nothing to give back, unless a charge for the same item follows.
      debits[item] =
        line.amount < 0
        ? nil
        : SubscriptionLines.Debit(amount: line.amount, period: line.period, line: nil).json
    }
    return subscription.setting(["_debits": .object(debits)])
  }
}
