import Basics

/// An amount on its way from a customer: `/v1/payment_intents`.
enum PaymentIntents: Resource {
  static let types = [
    ResourceType(
      "payment_intent", idPrefix: "pi", indexed: ["customer"],
      expandable: [
        "customer": .reference("customer"), "latest_charge": .reference("charge"),
        "payment_method": .reference("payment_method"),
      ])
  ]

  static let operations: [Operation] = [
    .post("/v1/payment_intents", create),
    .get("/v1/payment_intents", list),
    .get("/v1/payment_intents/{id}", retrieve),
    .post("/v1/payment_intents/{id}", update),
    .post("/v1/payment_intents/{id}/confirm", confirm),
    .post("/v1/payment_intents/{id}/cancel", cancel),
  ]

  private static let template = JSONObject.template(
    """
    {"id":"","object":"payment_intent","allowed_payment_method_types":null,"amount":0,
    "amount_capturable":0,"amount_details":{"tip":{}},"amount_received":0,"application":null,
    "application_fee_amount":null,"automatic_payment_methods":null,"canceled_at":null,
    "cancellation_reason":null,"capture_method":"automatic","client_secret":"",
    "confirmation_method":"automatic","created":0,"currency":"usd","customer":null,
    "customer_account":null,"description":null,"excluded_payment_method_types":null,"hooks":null,
    "last_payment_error":null,"latest_charge":null,"livemode":false,"managed_payments":null,
    "metadata":{},"next_action":null,"on_behalf_of":null,"payment_details":null,
    "payment_method":null,"payment_method_configuration_details":null,
    "payment_method_options":{"card":{"installments":null,"mandate_options":null,"network":null,
    "request_three_d_secure":"automatic"}},"payment_method_types":["card"],"payment_record":null,
    "presentment_details":null,"processing":null,"receipt_email":null,"review":null,
    "setup_future_usage":null,"shipping":null,"source":null,"statement_descriptor":null,
    "statement_descriptor_suffix":null,"status":"requires_payment_method","transfer_data":null,
    "transfer_group":null}
    """)

  /// A new intent, that nobody has tried to pay yet.
  static func made(amount: Int64, currency: String, _ call: Call) -> JSONObject {
    let id = call.newID("pi", length: 24)
    return template.setting([
      "id": .string(id), "amount": .integer(amount), "created": .time(call.now),
      "client_secret": .string("\(id)_secret_\(call.newToken(length: 25))"),
      "currency": .string(currency),
    ])
  }
}

// MARK: Operations

extension PaymentIntents {
  private static func create(_ call: Call) throws -> JSON {
    try call.accept(
      only: "amount", "currency", "customer", "payment_method", "confirm", "description",
      "metadata", "off_session", "return_url", "receipt_email", "setup_future_usage",
      "automatic_payment_methods", "confirmation_method", "statement_descriptor",
      "statement_descriptor_suffix", "transfer_group", "use_stripe_sdk", "error_on_requires_action")
    let currency = call.string("currency")?.lowercased() ?? "usd"
    let amount = call.integer("amount") ?? 0
    try check(amount, currency: currency)
    var intent = made(amount: amount, currency: currency, call)
    if let customer = call.string("customer") {
      intent["customer"] = .string(try Customers.referenced(customer, call).id)
    }
    for key in [
      "description", "receipt_email", "setup_future_usage", "confirmation_method",
      "statement_descriptor", "statement_descriptor_suffix", "transfer_group",
    ] {
      if let value = call[key] { intent[key] = value }
    }
    intent["metadata"] = try call.newMetadata()
    // Since 2023-08-16 an intent takes what the Dashboard offers, unless it is told not to.
    let automatic = call.object("automatic_payment_methods")
    intent["automatic_payment_methods"] = [
      "allow_redirects": automatic?["allow_redirects"] ?? "always",
      "enabled": automatic?["enabled"] ?? true,
    ]
    intent["capture_method"] = "automatic_async"
    let method = try given(call, to: intent)
    if let method {
      intent["payment_method"] = .string(method.id)
      intent["status"] = "requires_confirmation"
      if try call.find("payment_method", method.id) == nil { try call.insert(method) }
    }
    try call.create(intent, event: "payment_intent.created")
    guard call.bool("confirm") == true else { return .object(intent) }
    return .object(try confirmed(intent, call))
  }

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try call.required("payment_intent"))
  }

  private static func list(_ call: Call) throws -> JSON {
    try call.list("payment_intent", matching: ["customer": call["customer"]])
  }

  private static func update(_ call: Call) throws -> JSON {
    try call.accept(
      only: "amount", "currency", "customer", "payment_method", "description", "metadata",
      "receipt_email", "setup_future_usage", "statement_descriptor",
      "statement_descriptor_suffix", "transfer_group")
    let intent = try call.required("payment_intent")
    try requireOpen(intent, to: "update")
    var changed = intent
    if let amount = call.integer("amount") {
      try check(amount, currency: intent.string("currency") ?? "")
      changed["amount"] = .integer(amount)
    }
    for key in [
      "currency", "description", "receipt_email", "setup_future_usage", "statement_descriptor",
      "statement_descriptor_suffix", "transfer_group",
    ] {
      if let value = call[key] { changed[key] = value }
    }
    if let customer = call.string("customer") {
      changed["customer"] = .string(try Customers.referenced(customer, call).id)
    }
    changed["metadata"] = try call.mergedMetadata(of: intent)
    if let method = try given(call, to: changed) {
      if try call.find("payment_method", method.id) == nil { try call.insert(method) }
      changed["payment_method"] = .string(method.id)
      changed["status"] = "requires_confirmation"
    }
    try call.save(changed)
    return .object(changed)
  }

  private static func confirm(_ call: Call) throws -> JSON {
    try call.accept(
      only: "payment_method", "off_session", "return_url", "receipt_email", "setup_future_usage",
      "use_stripe_sdk", "error_on_requires_action")
    let intent = try call.required("payment_intent")
    try requireOpen(intent, to: "confirm")
    return .object(try confirmed(intent, call))
  }

  private static func cancel(_ call: Call) throws -> JSON {
    try call.accept(only: "cancellation_reason")
    let intent = try call.required("payment_intent")
    try requireOpen(intent, to: "cancel")
    guard intent.string("_invoice") == nil else {
      throw SandboxError.invalid(
        """
        You cannot cancel this PaymentIntent because it was created by an invoice. Void the \
        invoice instead.
        """, code: "payment_intent_unexpected_state")
    }
    return .object(
      try canceled(intent, reason: call.string("cancellation_reason"), call))
  }
}

// MARK: Steps

extension PaymentIntents {
  /// Ends an intent that is not paid.
  @discardableResult
  static func canceled(_ intent: JSONObject, reason: String?, _ call: Call) throws -> JSONObject {
    let ended = intent.setting([
      "status": "canceled", "canceled_at": .time(call.now), "cancellation_reason": JSON(reason),
      "next_action": .null,
    ])
    return try call.become(intent, ended, "payment_intent.canceled")
  }

  /// Tries the card that the call names, else the intent's own.
  private static func confirmed(_ intent: JSONObject, _ call: Call) throws -> JSONObject {
    let own = try intent.string("payment_method").flatMap { try call.find("payment_method", $0) }
    guard let method = try given(call, to: intent) ?? own else {
      throw SandboxError.invalid(
        """
        You cannot confirm this PaymentIntent because it's missing a payment method. You can \
        either update the PaymentIntent with a payment method and then confirm it again, or \
        confirm it again directly with a payment method or ConfirmationToken.
        """, code: "payment_intent_unexpected_state")
    }
    let result = try PaymentAttempt.run(
      intent, with: method, returnURL: call.string("return_url"), call)
    if let id = intent.string("_invoice"), let invoice = try call.find("invoice", id) {
      try InvoicePay.follow(result, invoice: invoice, call)
    }
    // A customer who has to act is no error here, unless the caller asks for one.
    let stops =
      call.bool("error_on_requires_action") == true || call.bool("off_session") == true
    if case .requiresAction = result.outcome, !stops { return result.intent }
    let error = result.error(
      actionCode: "authentication_required",
      actionMessage: "Your card was declined. This transaction requires authentication.")
    if let error { throw error }
    return result.intent
  }

  /// The payment method that the call names, which must not be another customer's.
  private static func given(_ call: Call, to intent: JSONObject) throws -> JSONObject? {
    guard let id = call.string("payment_method") else { return nil }
    let method = try PaymentMethods.resolved(id, call, parameter: "payment_method")
    guard let owner = method.string("customer"), owner != intent.string("customer") else {
      return method
    }
    throw PaymentMethods.notAttached(id, parameter: "payment_method")
  }

  private static func check(_ amount: Int64, currency: String) throws {
    guard amount >= 1 else {
      throw SandboxError.invalid(
        """
        The amount must be greater than or equal to the minimum charge amount allowed for your \
        account and the currency set \
        (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you want to \
        save a Payment Method for future use without an immediate payment, use a Setup Intent \
        instead: https://docs.stripe.com/payments/setup-intents
        """, code: "parameter_invalid_integer", parameter: "amount")
    }
    try ChargeLimits.checkMinimum(amount, currency: currency)
    try Money.checkCharge(amount, currency: currency)
  }

  private static func requireOpen(_ intent: JSONObject, to verb: String) throws {
    let status = intent.string("status") ?? ""
    guard status == "succeeded" || status == "canceled" else { return }
    throw SandboxError(
      status: 400, type: .invalidRequest,
      message: """
        You cannot \(verb) this PaymentIntent because it has a status of \(status). Only a \
        PaymentIntent with one of the following statuses may be \(participle(verb)): \
        requires_payment_method, requires_confirmation, requires_action.
        """, code: "payment_intent_unexpected_state",
      extras: ["payment_intent": .object(intent.shown)])
  }

  private static func participle(_ verb: String) -> String {
    verb == "cancel" ? "canceled" : verb.hasSuffix("e") ? "\(verb)d" : "\(verb)ed"
  }
}
