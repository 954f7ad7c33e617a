import Basics

/// What an invoice would be: `POST /v1/invoices/create_preview`.
///
/// The change is made by the very code that makes it, and so is its invoice; then all is taken
/// back. So the preview is equal to what comes, to the last cent.
enum InvoicePreview {
  static func run(_ call: Call) throws -> JSON {
    try call.accept(
      only: "customer", "subscription", "subscription_details", "discounts", "preview_mode",
      "currency", "invoice_items", "schedule")
    guard ["customer", "subscription", "schedule"].contains(where: { call.has($0) }) else {
      throw SandboxError.invalid(
        """
        You must either provide a `customer` or a `subscription` to the upcoming invoice endpoint.
        """)
    }
    let details = call.object("subscription_details") ?? [:]
    let failure: SandboxError
    do {
      let invoice = try call.store.withoutTrace { try Self.invoice(details, call) }
      return .object(shown(invoice, details, call))
    } catch let error as SandboxError {
      failure = error
    }
    throw failure.renamed { name in
      let first = name.prefix { $0 != "[" }
      guard details[String(first)] != nil else { return name }
      return "subscription_details[\(first)]\(name.dropFirst(first.count))"
    }
  }

  /// The invoice that the change makes at once, else that of the next period.
  private static func invoice(_ details: JSONObject, _ call: Call) throws -> JSONObject {
    if call.has("schedule") { return try SchedulePreview.invoice(call) }
    let before = try subscription(details, call)
    try addItems(to: before, call)
    let after = try before.map { try changed($0, details, call) } ?? created(details, call)
    if call.string("preview_mode") != "recurring", let id = after.string("latest_invoice"),
      id != before?.string("latest_invoice")
    {
      return try call.required("invoice", id)
    }
    return try next(of: after, call)
  }

  /// The subscription that the call is about; nil for one that is to be made.
  private static func subscription(
    _ details: JSONObject, _ call: Call
  ) throws -> JSONObject? {
    if let id = call.string("subscription") {
      let found = try call.referenced("subscription", id, parameter: "subscription")
      guard call.string("customer").map({ $0 == found.string("customer") }) ?? true else {
        throw SandboxError.missing(
          "subscription", id: id, parameter: "subscription", status: 400)
      }
      guard !SubscriptionStatus.isTerminal(found) else { throw none(found) }
      return try Subscriptions.current(found, call)
    }
    let customer = try Customers.referenced(call.string("customer") ?? "", call)
    guard details["items"] == nil else { return nil }
    let all = try call.all("subscription", where: ["customer": .string(customer.id)])
    let soonest = all.compactMap { subscription in
      SubscriptionCycle.end(of: subscription).map { (end: $0, subscription: subscription) }
    }.min { $0.end < $1.end }
    guard let soonest else { throw none(["customer": .string(customer.id)]) }
    return try Subscriptions.current(soonest.subscription, call)
  }

  static func none(_ subscription: JSONObject) -> SandboxError {
    .invalid(
      "No upcoming invoices for customer: \(subscription.string("customer") ?? "")",
      code: "invoice_upcoming_none", status: 404)
  }
}

// MARK: The change

extension InvoicePreview {
  /// `invoice_items`: what is to wait for the invoice besides what does, or in its place.
  private static func addItems(to subscription: JSONObject?, _ call: Call) throws {
    for (index, entry) in (call.array("invoice_items") ?? []).enumerated() {
      var given = entry.object ?? [:]
      if let price = given["price"] { given["pricing"] = ["price": price] }
      if let amount = given["unit_amount"] { given["unit_amount_decimal"] = amount }
      let waiting = given.string("invoiceitem")
      for name in ["price", "unit_amount", "invoiceitem"] { given[name] = nil }
      var failure: SandboxError?
      do {
        if let waiting {
          _ = try InvoiceItemEdit.update(call.calling(given, on: waiting))
        } else {
          given["customer"] = subscription?["customer"] ?? call["customer"]
          given["subscription"] = JSON(subscription?.id)
          _ = try InvoiceItemEdit.create(call.calling(given))
        }
      } catch let error as SandboxError {
        failure = error
      }
      if let failure { throw failure.renamed { "invoice_items[\(index)][\($0)]" } }
    }
  }

  /// Makes the change that is to be looked at.
  private static func changed(
    _ subscription: JSONObject, _ details: JSONObject, _ call: Call
  ) throws -> JSONObject {
    var parameters = details
    if let discounts = call.parameters["discounts"] { parameters["discounts"] = discounts }
    guard !parameters.isEmpty else { return subscription }
    parameters["payment_behavior"] = .string(SubscriptionCollection.onlyDrafts)
    if details.bool("cancel_now") == true {
      parameters = [
        "invoice_now": true, "prorate": .bool(details.string("proration_behavior") != "none"),
        "payment_behavior": .string(SubscriptionCollection.onlyDrafts),
      ]
      parameters["proration_date"] = details["proration_date"]
      _ = try SubscriptionCancel.run(call.calling(parameters, on: subscription.id))
    } else if details.string("resume_at") == "now" {
      let resume = parameters.removing("resume_at")
      _ = try PausedSubscription.resume(call.calling(resume, on: subscription.id))
    } else {
      let update = parameters.removing("cancel_now").removing("billing_mode")
      _ = try SubscriptionUpdate.run(call.calling(update, on: subscription.id))
    }
    return try Subscriptions.current(
      try call.required("subscription", subscription.id), call)
  }

  /// Makes the subscription that is to be looked at.
  private static func created(_ details: JSONObject, _ call: Call) throws -> JSONObject {
    var parameters = details
    parameters["payment_behavior"] = .string(SubscriptionCollection.onlyDrafts)
    for name in ["customer", "currency", "discounts"] {
      if let value = call.parameters[name] { parameters[name] = value }
    }
    let anchor = details.object("billing_cycle_anchor")
    parameters["billing_cycle_anchor"] = anchor?["timestamp"]
    parameters["backdate_start_date"] = details["start_date"]
    parameters["start_date"] = nil
    let made = try SubscriptionCreate.run(call.calling(parameters)).object ?? [:]
    // Nothing was paid, but what follows is what follows when it is.
    let stored = try call.required("subscription", made.id)
    guard stored.string("status") == "incomplete" else { return stored }
    let active = stored.setting(["status": "active"])
    try call.save(active)
    return active
  }

  /// The invoice at the end of the current period, or the last one where the subscription ends by
  /// then.
  static func next(of subscription: JSONObject, _ call: Call) throws -> JSONObject {
    guard let end = SubscriptionCycle.end(of: subscription) else { throw none(subscription) }
    let last = SubscriptionEnd.moment(subscription)
    let moment = min(end, last ?? end)
    var draft = try SubscriptionCycle.renewal(of: subscription, at: moment, call)
    if last.map({ $0 <= end }) ?? false {
      draft.lines.removeAll { $0.invoiceItemID == nil && !PriceAmount.isMetered($0.price) }
    }
    if call.string("preview_mode") == "recurring" {
      draft.lines.removeAll { $0.invoiceItemID != nil }
    }
    guard !draft.lines.isEmpty else { throw none(subscription) }
    return try draft.made(call).setting(["created": .time(moment)])
  }
}

// MARK: The answer

extension InvoicePreview {
  /// The draft under ids of its own: it cannot be looked up.
  private static func shown(
    _ invoice: JSONObject, _ details: JSONObject, _ call: Call
  ) -> JSONObject {
    let id = call.newID("upcoming_in", length: 24)
    // The lines of the same preview have the same ids, so that it can be paged through.
    let owner = Invoices.subscriptionID(of: invoice) ?? invoice.string("customer") ?? ""
    let lines = invoice.listed("lines").enumerated().map { index, line in
      line.setting([
        "id": .string("il_tmp_\(owner.drop { $0 != "_" }.dropFirst())\(index)"),
        "invoice": .string(id),
      ])
    }
    var shown = invoice.setting([
      "id": .string(id), "lines": .list(lines, url: "/v1/invoices/\(id)/lines"),
    ])
    if invoice.string("collection_method") == "charge_automatically" {
      let created = invoice.timestamp("created") ?? call.now
      shown["next_payment_attempt"] = .time(created + SubscriptionCycle.draftSeconds)
    }
    if let date = details.timestamp("proration_date"), let parent = shown.object("parent") {
      shown["parent"] = .object(
        parent.setting(["subscription_proration_date": .time(date)], in: "subscription_details"))
    }
    return shown
  }
}
