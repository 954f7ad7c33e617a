import Basics

/// A page that sells a subscription, which appears only now that the page is completed.
enum CheckoutSubscription {
  static func hasTrial(_ call: Call) throws -> Bool {
    let data = call.object("subscription_data")
    return data?["trial_end"] != nil || data?["trial_period_days"] != nil
  }

  /// Refuses what cannot be asked of the subscription.
  static func check(_ data: JSONObject, _ call: Call) throws {
    let name = { (field: String) in "subscription_data[\(field)]" }
    for field in [
      "application_fee_percent", "billing_cycle_anchor", "billing_cycle_anchor_config",
      "default_tax_rates", "on_behalf_of", "pending_invoice_item_interval", "transfer_data",
    ] where data[field] != nil {
      throw CheckoutRules.unbuilt(name(field))
    }
    for field in ["account_tax_ids", "issuer"]
    where data.object("invoice_settings")?[field] != nil {
      throw CheckoutRules.unbuilt("subscription_data[invoice_settings][\(field)]")
    }
    if data["trial_end"] != nil, data["trial_period_days"] != nil {
      throw SandboxError.invalid(
        """
        You may only specify one of these parameters: subscription_data[trial_end], \
        subscription_data[trial_period_days].
        """, code: "parameters_exclusive", parameter: name("trial_end"))
    }
    if let days = data.integer("trial_period_days") {
      try Call.checkRange(
        days, 1...SubscriptionTrial.maximumDays, parameter: name("trial_period_days"))
    }
    try checkTrialEnd(data.timestamp("trial_end"), name("trial_end"), call)
  }

  private static func checkTrialEnd(
    _ end: Timestamp?, _ name: String, _ call: Call
  ) throws {
    guard let end else { return }
    guard end >= call.now + 2 * 86_400 else {
      throw SandboxError.invalid(
        "The `trial_end` date has to be at least 2 days in the future.", parameter: name)
    }
    guard end - call.now <= SubscriptionTrial.maximumDays * 86_400 else {
      throw SandboxError.invalid(
        "Invalid timestamp: a trial can end no more than two years from now.", parameter: name)
    }
  }
}

// MARK: Paying

extension CheckoutSubscription {
  static func pay(
    _ session: JSONObject, by buyer: CheckoutBuyer, with method: JSONObject?, _ call: Call
  ) throws -> JSONObject {
    // Nothing is charged with a free one, so that its card is only shown to the bank.
    if let method, session.integer("amount_total") == 0,
      let decline = PageCard.refusal(of: method)
    {
      throw decline.error()
    }
    do {
      return try call.store.atomically { try subscribe(session, buyer, method, call) }
    } catch is PageRefusal {
      throw try CheckoutIntent.refused(session, with: method ?? [:], call)
    }
  }

  private static func subscribe(
    _ session: JSONObject, _ buyer: CheckoutBuyer, _ method: JSONObject?, _ call: Call
  ) throws -> JSONObject {
    if let method, PageCard.refusal(of: method) != nil { throw PageRefusal() }
    guard let customer = try buyer.customer(isNeeded: true, call) else {
      throw SandboxError.unexpected
    }
    let kept = try method.map { try PageCard.keep($0, for: customer.id, call) }
    try CheckoutIntent.giveUp(session, call)
    let answer = try SubscriptionCreate.run(
      call.calling(
        try parameters(of: session, customer: customer.id, method: kept?.id, call)))
    let subscription = try paid(answer.object ?? [:], call)
    return session.setting([
      "customer": .string(customer.id), "invoice": subscription["latest_invoice"] ?? .null,
      "subscription": .string(subscription.id), "_intent": .null,
    ])
  }

  /// The subscription once the customer has authenticated, where the bank asks for it.
  private static func paid(_ created: JSONObject, _ call: Call) throws -> JSONObject {
    if let setup = try created.string("pending_setup_intent").flatMap({
      try call.find("setup_intent", $0)
    }), setup.string("status") == "requires_action" {
      _ = try SetupAttempt.authenticated(setup, passed: true, call)
    }
    guard created.string("status") == "incomplete" else { return created }
    guard let invoice = try call.find("invoice", created.string("latest_invoice") ?? ""),
      let intent = try InvoicePayments.intent(of: invoice, call),
      intent.string("status") == "requires_action"
    else { throw PageRefusal() }
    let tried = try CustomerAuthentication.payment(intent, passed: true, call)
    guard tried.string("status") == "succeeded" else { throw PageRefusal() }
    return created
  }

  /// What the subscription is made with.
  private static func parameters(
    of session: JSONObject, customer: String, method: String?, _ call: Call
  ) throws -> JSONObject {
    var parameters = session.object("_data") ?? [:]
    let sold = session.objects("_items").map { item -> (JSON, Bool) in
      var entry: JSONObject = ["price": .string(item.object("price")?.id ?? ""), "_agreed": true]
      if let quantity = item.integer("quantity") { entry["quantity"] = .integer(quantity) }
      entry["metadata"] = item["metadata"]
      return (.object(entry), item.object("price")?.object("recurring") != nil)
    }
    let extra = sold.filter { !$0.1 }.map { $0.0 }
    parameters["customer"] = .string(customer)
    parameters["items"] = .array(sold.filter { $0.1 }.map { $0.0 })
    if !extra.isEmpty { parameters["add_invoice_items"] = .array(extra) }
    if let discount = try CheckoutDiscount(of: session, call) {
      parameters["discounts"] = [discount.parameters]
    }
    if let method { parameters["default_payment_method"] = .string(method) }
    parameters["payment_behavior"] = "allow_incomplete"
    parameters["_checkout_session"] = .string(session.id)
    return parameters
  }
}
