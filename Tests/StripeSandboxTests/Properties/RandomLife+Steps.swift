import Basics

@testable import StripeSandbox

// What can happen in a random life.

extension RandomLife {
  func take() throws {
    let steps: [(weight: Int, run: (RandomLife) throws -> Void)] = [
      (3, { $0.newCustomer() }), (8, { try $0.subscribe() }), (20, { try $0.update() }),
      (2, { try $0.cancel() }), (4, { try $0.pauseOrResume() }), (3, { try $0.newCard() }),
      (7, { try $0.workOnInvoice() }), (6, { try $0.use() }), (5, { try $0.addItem() }),
      (2, { try $0.refund() }), (2, { try $0.authenticate() }), (18, { try $0.letTimePass() }),
      (1, { $0.changeSettings() }),
    ]
    var place = random.below(steps.reduce(0) { $0 + $1.weight })
    for step in steps {
      if place < step.weight { return try step.run(self) }
      place -= step.weight
    }
  }

  private func letTimePass() throws {
    let day: Int64 = 86_400
    try wait(
      random.one(of: [60, 3600, 7200, day, 3 * day, 7 * day, 20 * day, 31 * day, 40 * day]),
      byAdvancing: random.once(in: 3))
  }

  /// What becomes of subscriptions that are not paid for.
  private func changeSettings() {
    let end = random.one(of: ["cancel", "unpaid", "past_due"])
    call("POST", "/sandbox/settings", "after_retries=\(end)")
  }

  private func newCustomer() {
    let card = random.one(of: [
      "pm_card_visa", "pm_card_visa", "pm_card_mastercard", "pm_card_visa",
      "pm_card_chargeCustomerFail", "pm_card_authenticationRequired", "",
    ])
    call(
      "POST", "/v1/customers",
      card.isEmpty
        ? "" : "payment_method=\(card)&invoice_settings[default_payment_method]=\(card)")
  }

  private func newCard() throws {
    guard let customer = try any("customer") else { return }
    let card = random.one(of: [
      "pm_card_visa", "pm_card_visa", "pm_card_chargeCustomerFail",
      "pm_card_authenticationRequired",
    ])
    let method = call(
      "POST", "/v1/payment_methods/\(card)/attach", "customer=\(customer.id)")
    call(
      "POST", "/v1/customers/\(customer.id)",
      "invoice_settings[default_payment_method]=\(method.id)")
  }
}

// MARK: Subscriptions

extension RandomLife {
  /// One that runs, but for one time in ten.
  private func anySubscription() throws -> JSONObject? {
    let all = try objects("subscription")
    let running = all.filter { !SubscriptionStatus.isTerminal($0) }
    let choice = running.isEmpty || random.once(in: 10) ? all : running
    return choice.isEmpty ? nil : random.one(of: choice)
  }

  private func subscribe() throws {
    guard let customer = try any("customer") else { return }
    var terms = ["customer=\(customer.id)", "items[0][price]=\(random.one(of: prices))"]
    if random.once(in: 3) { terms.append("items[0][quantity]=\(1 + random.below(4))") }
    if random.once(in: 4) {
      terms[1] = "items[0][price]=\(prices[0])"
      terms.append("items[1][price]=\(metered)")
    }
    if random.once(in: 4) { terms.append("trial_period_days=\(1 + random.below(20))") }
    if random.once(in: 3) { terms.append("discounts[0][coupon]=\(random.one(of: coupons))") }
    if random.once(in: 8) { terms.append("collection_method=send_invoice&days_until_due=5") }
    if random.once(in: 4) { terms.append("billing_mode[type]=classic") }
    if random.once(in: 4) {
      let end = random.one(of: ["pause", "cancel", "create_invoice"])
      terms.append("trial_settings[end_behavior][missing_payment_method]=\(end)")
    }
    if random.once(in: 3) { terms.append("payment_behavior=\(behavior(for: "create"))") }
    call("POST", "/v1/subscriptions", terms.joined(separator: "&"))
  }

  private func behavior(for operation: String) -> String {
    let all = ["allow_incomplete", "default_incomplete", "error_if_incomplete"]
    return random.one(of: operation == "create" ? all : all + ["pending_if_incomplete"])
  }

  private func update() throws {
    guard let subscription = try anySubscription() else { return }
    let (id, item) = (subscription.id, subscription.listed("items")[0].id)
    var terms: [String]
    switch random.below(12) {
    case 0...2: terms = ["items[0][id]=\(item)", "items[0][price]=\(random.one(of: prices))"]
    case 3...4: terms = ["items[0][id]=\(item)", "items[0][quantity]=\(random.below(6))"]
    case 5: terms = ["items[0][price]=\(random.one(of: [metered, prices[1]]))"]
    case 6: terms = ["cancel_at_period_end=\(random.one(of: ["true", "false"]))"]
    case 7: terms = ["cancel_at=\(try now.seconds + Int64(1 + random.below(40)) * 86_400)"]
    case 8: terms = ["billing_cycle_anchor[type]=now"]
    case 9: terms = ["trial_end=now"]
    case 10:
      let coupon = random.one(of: coupons)
      terms = [random.one(of: ["discounts=", "discounts[0][coupon]=\(coupon)"])]
    default: terms = ["trial_end=\(try now.seconds + Int64(1 + random.below(10)) * 86_400)"]
    }
    if random.once(in: 2) {
      let behavior = random.one(of: ["create_prorations", "always_invoice", "none"])
      terms.append("proration_behavior=\(behavior)")
    }
    if random.once(in: 3) { terms.append("payment_behavior=\(behavior(for: "update"))") }
    try change(id, "POST", "/v1/subscriptions/\(id)", terms.joined(separator: "&"))
  }

  private func cancel() throws {
    guard let id = try anySubscription()?.id else { return }
    let query = random.one(of: ["", "?prorate=true", "?invoice_now=true&prorate=true"])
    try change(id, "DELETE", "/v1/subscriptions/\(id)\(query)")
  }

  private func pauseOrResume() throws {
    guard let id = try anySubscription()?.id else { return }
    let path = "/v1/subscriptions/\(id)"
    switch random.below(6) {
    case 0: call("POST", path, "pause_collection=")
    case 1, 2:
      let behavior = random.one(of: ["keep_as_draft", "mark_uncollectible", "void"])
      call("POST", path, "pause_collection[behavior]=\(behavior)")
    case 3: try change(id, "POST", "\(path)/pause", "type=subscription")
    default: try change(id, "POST", "\(path)/resume", "billing_cycle_anchor[type]=now")
    }
  }
}

// MARK: Money

extension RandomLife {
  private func workOnInvoice() throws {
    let all = try objects("invoice")
    let unpaid = all.filter { $0["status"] != "paid" }
    let choice = unpaid.isEmpty || random.once(in: 10) ? all : unpaid
    guard !choice.isEmpty else { return }
    let id = random.one(of: choice).id
    let path = "/v1/invoices/\(id)"
    switch random.below(8) {
    case 0...2: call("POST", "\(path)/pay")
    case 3: call("POST", "\(path)/pay", "payment_method=pm_card_visa")
    case 4: call("POST", "\(path)/pay", "paid_out_of_band=true")
    case 5: call("POST", "\(path)/void")
    case 6: call("POST", "\(path)/mark_uncollectible")
    default: call("POST", "\(path)/finalize")
    }
  }

  private func use() throws {
    guard let customer = try any("customer")?.id else { return }
    let ago = Int64(random.below(5)) * 86_400
    call(
      "POST", "/v1/billing/meter_events",
      """
      event_name=calls&payload[stripe_customer_id]=\(customer)&payload[value]=\(random.below(400))\
      &timestamp=\(try now.seconds - ago)
      """)
  }

  private func addItem() throws {
    guard let customer = try any("customer")?.id else { return }
    if random.once(in: 4) {
      let amount = random.one(of: ["-500", "300", "-2500"])
      call(
        "POST", "/v1/customers/\(customer)/balance_transactions",
        "amount=\(amount)&currency=usd")
      return
    }
    call(
      "POST", "/v1/invoiceitems",
      "customer=\(customer)&currency=usd&amount=\(random.one(of: ["150", "-200", "4000"]))")
    if random.once(in: 2) {
      call("POST", "/v1/invoices", "customer=\(customer)&pending_invoice_items_behavior=include")
    }
  }

  private func refund() throws {
    guard let charge = try any("charge")?.id else { return }
    call("POST", "/v1/refunds", "charge=\(charge)\(random.once(in: 2) ? "&amount=100" : "")")
  }

  /// The customer authenticates a payment that waits for it.
  private func authenticate() throws {
    guard let id = try any("payment_intent")?.id else { return }
    call("POST", "/v1/payment_intents/\(id)/confirm", "payment_method=pm_card_visa")
  }
}
