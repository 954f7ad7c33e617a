import Basics

/// A new subscription with its first invoice and payment: `POST /v1/subscriptions`.
enum SubscriptionCreate {
  static func run(_ call: Call) throws -> JSON {
    try call.accept(
      only: "customer", "items", "payment_behavior", "trial_period_days", "trial_end",
      "trial_from_plan", "trial_settings", "discounts", "default_payment_method",
      "cancel_at_period_end", "cancel_at", "metadata", "collection_method", "days_until_due",
      "add_invoice_items", "billing_mode", "proration_behavior", "off_session", "description",
      "payment_settings", "invoice_settings", "currency", "billing_cycle_anchor",
      "billing_cycle_anchor_config", "backdate_start_date", "_schedule")
    try PendingUpdate.checkAbsent(call)
    guard let customerID = call.string("customer") else {
      throw SandboxError.missingParameter("customer")
    }
    let customer = try Customers.referenced(customerID, call)
    try checkCount(of: customer, call)
    let wanted = try ItemRequest.read(call)
    guard !wanted.isEmpty else { throw SandboxError.missingParameter("items") }
    let start = try SubscriptionStart(call, price: wanted[0].price)
    var subscription = try made(wanted, customer: customer, start, call)
    try SubscriptionFields.apply(call, to: &subscription, customer: customer)
    try SubscriptionFields.applyCancellation(call, to: &subscription)
    let isTrial = subscription.string("status") == "trialing"
    let cost = try Money.sum(try SubscriptionLines.full(of: subscription, call).map { $0.amount })
    let discounts = try Discounts.redeemed(
      call, subscription: subscription.id, customer: customer.id,
      currency: subscription.string("currency"), amount: isTrial ? nil : cost)
    subscription["discounts"] = .array(discounts.map { .string($0.id) })
    subscription["schedule"] = call["_schedule"] ?? .null
    try bill(subscription, from: start, customer: customer, call)
    return .object(
      try Subscriptions.current(try call.required("subscription", subscription.id), call))
  }

  /// A customer has up to 500 subscriptions that run.
  static let maximumCount = 500

  private static func checkCount(of customer: JSONObject, _ call: Call) throws {
    let all = try call.all("subscription", where: ["customer": .string(customer.id)])
    guard all.count(where: { !SubscriptionStatus.isTerminal($0) }) >= maximumCount else { return }
    throw SandboxError.invalid(
      "Customer \(customer.id) already has the maximum \(maximumCount) current subscriptions",
      code: "customer_max_subscriptions")
  }

  /// The subscription with its items, in their first period.
  private static func made(
    _ wanted: [ItemRequest], customer: JSONObject, _ start: SubscriptionStart, _ call: Call
  ) throws -> JSONObject {
    let id = call.newID("sub", length: 24)
    let items = try wanted.map { try SubscriptionItems.made($0, subscription: id, call) }
    try ItemRequest.check(items)
    let currency = wanted[0].price.string("currency") ?? ""
    try checkCurrency(currency, customer: customer, call)
    let mode = call.object("billing_mode")?.string("type") ?? "flexible"
    let flexible = call.object("billing_mode")?.object("flexible")
    let discounts = flexible?["proration_discounts"] ?? "included"
    let subscription = Subscriptions.template.setting([
      "id": .string(id), "billing_cycle_anchor": .time(start.anchor),
      "billing_cycle_anchor_config": anchorConfig(call),
      "billing_mode": [
        "flexible": mode == "flexible" ? ["proration_discounts": discounts] : .null,
        "type": .string(mode), "updated_at": .time(call.now),
      ], "created": .time(call.now), "currency": .string(currency),
      "customer": .string(customer.id), "metadata": try call.newMetadata(),
      "start_date": .time(start.date),
      "status": start.trialEnd == nil ? "active" : "trialing",
      "test_clock": customer["test_clock"] ?? .null,
      "trial_end": .time(start.trialEnd),
      "trial_start": .time(start.trialEnd == nil ? nil : call.now),
    ])
    return Subscriptions.withItems(
      subscription, items.map { SubscriptionItems.setting(start.period, of: $0) })
  }

  private static func anchorConfig(_ call: Call) -> JSON {
    guard let given = call.object("billing_cycle_anchor_config") else { return .null }
    let fields = ["day_of_month", "hour", "minute", "month", "second"]
    return .object(
      JSONObject(uniqueKeysWithValues: fields.map { ($0, given[$0] ?? .null) }))
  }

  private static func checkCurrency(
    _ currency: String, customer: JSONObject, _ call: Call
  ) throws {
    if let wanted = call.string("currency"), wanted.lowercased() != currency {
      throw SandboxError.invalid(
        "The price specified does not support the currency \(wanted.lowercased()).",
        parameter: "currency")
    }
    guard let first = customer.string("currency"), first != currency else { return }
    throw SandboxError.invalid(
      """
      You cannot combine currencies on a single customer. This customer has an active \
      subscription, subscription schedule, discount, quote, or invoice item with currency \(first)
      """)
  }
}

// MARK: The first invoice

extension SubscriptionCreate {
  /// Stores the subscription, bills its first period and tries to collect.
  private static func bill(
    _ made: JSONObject, from start: SubscriptionStart, customer: JSONObject, _ call: Call
  ) throws {
    var subscription = made
    let extra = try AddedInvoiceItems.lines(call, subscription: subscription)
    let regular = try start.lines(for: subscription, call)
    let pending = try InvoiceItems.pending(of: subscription, call)
    let invoiceID = call.newID("in", length: 24)
    var draft = InvoiceDraft(
      customer: customer, subscription: subscription,
      lines: extra + pending.map { InvoiceItems.line($0) } + regular,
      reason: "subscription_create", period: BillingPeriod(start: call.now, end: call.now),
      discountIDs: subscription.strings("discounts"), id: invoiceID, items: pending)
    let collection = try SubscriptionCollection(of: subscription, customer: customer, call)
    // Usage is billed afterwards: with metered prices alone there is nothing to bill yet.
    guard !draft.lines.isEmpty else {
      subscription["pending_setup_intent"] = JSON(
        try SubscriptionSetup.begin(
          subscription, with: collection.method, behavior: collection.behavior, call))
      try call.create(subscription, event: "customer.subscription.created")
      return try Customers.follow(call, customer.id, ["currency": made["currency"] ?? .null])
    }
    let bill = try draft.made(call)
    let isFree = bill.integer("amount_due") == 0
    // The first invoice that a schedule makes is a draft, as those of renewals are.
    let isPlanned = call.has("_schedule")
    if !isFree, !collection.isSent, !isPlanned, subscription.string("status") == "active" {
      subscription["status"] = "incomplete"
    }
    subscription["latest_invoice"] = .string(invoiceID)
    if !isPlanned { try collection.requireMethod(toPay: bill) }
    if isFree {
      subscription["pending_setup_intent"] = JSON(
        try SubscriptionSetup.begin(
          subscription, with: collection.method, behavior: collection.behavior, call))
    }
    try call.create(subscription, event: "customer.subscription.created")
    draft.subscription = subscription
    try AddedInvoiceItems.store(&draft, count: extra.count, call)
    try Customers.follow(call, customer.id, ["currency": subscription["currency"] ?? .null])
    var invoice = try draft.made(call)
    if isPlanned { invoice = SubscriptionCycle.timed(invoice, of: subscription, call) }
    invoice = try draft.store(invoice, call)
    try SubscriptionLines.noteDebits(of: invoice, call)
    if !isPlanned { try collection.collect(invoice, call) }
  }
}
