import Basics

/// An amount on its way from a customer: `/v1/payment_intents`. How one is confirmed, captured and
/// cancelled stands in a file each.
enum PaymentIntents: Resource {
  static let types = [
    ResourceType(
      "payment_intent", idPrefix: "pi", indexed: ["customer"],
      expandable: [
        "customer": .reference("customer"), "latest_charge": .reference("charge"),
        "payment_method": .reference("payment_method"),
      ], due: PaymentIntentCapture.expiry)
  ]

  static let operations: [Operation] = [
    .post("/v1/payment_intents", create),
    .get("/v1/payment_intents", list),
    .get("/v1/payment_intents/{id}", retrieve),
    .post("/v1/payment_intents/{id}", update),
    .post("/v1/payment_intents/{id}/confirm", PaymentIntentConfirm.run),
    .post("/v1/payment_intents/{id}/capture", PaymentIntentCapture.run),
    .post("/v1/payment_intents/{id}/cancel", PaymentIntentCancel.run),
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
  /// The fields that are taken as they come.
  private static let plainFields = [
    "allowed_payment_method_types", "description", "receipt_email", "setup_future_usage",
    "statement_descriptor", "statement_descriptor_suffix", "transfer_group",
  ]

  private static func create(_ call: Call) throws -> JSON {
    try call.accept(
      only: "amount", "currency", "customer", "payment_method", "confirm", "description",
      "metadata", "off_session", "return_url", "receipt_email", "setup_future_usage",
      "automatic_payment_methods", "capture_method", "confirmation_method", "shipping",
      "statement_descriptor", "statement_descriptor_suffix", "transfer_group", "use_stripe_sdk",
      "error_on_requires_action", "allowed_payment_method_types")
    let currency = call.string("currency")?.lowercased() ?? "usd"
    let amount = call.integer("amount") ?? 0
    try check(amount, currency: currency)
    try requireConfirmation(call)
    var intent = made(amount: amount, currency: currency, call)
    try applyFields(call, to: &intent)
    intent["confirmation_method"] = call["confirmation_method"] ?? "automatic"
    intent["capture_method"] = call["capture_method"] ?? "automatic_async"
    intent["metadata"] = try call.newMetadata()
    // Since 2023-08-16 an intent takes what the Dashboard offers, unless it is told not to.
    let automatic = call.object("automatic_payment_methods")
    intent["automatic_payment_methods"] = [
      "allow_redirects": automatic?["allow_redirects"] ?? "always",
      "enabled": automatic?["enabled"] ?? true,
    ]
    try call.create(intent, event: "payment_intent.created")
    guard call.bool("confirm") == true else { return .object(intent) }
    return .object(try PaymentIntentConfirm.confirmed(intent, call))
  }

  /// What says how to confirm has a meaning only where it is confirmed.
  private static func requireConfirmation(_ call: Call) throws {
    guard call.bool("confirm") != true else { return }
    for name in ["off_session", "return_url", "error_on_requires_action"] where call.has(name) {
      throw SandboxError.invalid(
        "You can only provide `\(name)` when `confirm` is set to `true`.", parameter: name)
    }
  }

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try call.required("payment_intent"))
  }

  private static func list(_ call: Call) throws -> JSON {
    try call.list("payment_intent", matching: ["customer": call["customer"]])
  }

  private static func update(_ call: Call) throws -> JSON {
    try call.accept(
      only: "amount", "currency", "customer", "payment_method", "capture_method", "description",
      "metadata", "receipt_email", "setup_future_usage", "shipping", "statement_descriptor",
      "statement_descriptor_suffix", "transfer_group", "allowed_payment_method_types")
    let intent = try call.required("payment_intent")
    try requireChangeable(intent, call)
    var changed = intent
    if let amount = call.integer("amount") {
      try check(amount, currency: call.string("currency") ?? intent.string("currency") ?? "")
      changed["amount"] = .integer(amount)
    }
    if let currency = call.string("currency") {
      changed["currency"] = .string(currency.lowercased())
    }
    if let capture = call["capture_method"] { changed["capture_method"] = capture }
    try applyFields(call, to: &changed)
    changed["metadata"] = try call.mergedMetadata(of: intent)
    try call.save(changed)
    return .object(changed)
  }

  /// What has been paid, or is held, can be described anew, but not changed.
  private static func requireChangeable(_ intent: JSONObject, _ call: Call) throws {
    let status = intent.string("status") ?? ""
    guard ["succeeded", "canceled", "requires_capture", "processing"].contains(status) else {
      return
    }
    let free: Set = [
      "description", "metadata", "receipt_email", "shipping", "transfer_group", "expand",
    ]
    guard let name = call.parameters.keys.first(where: { !free.contains($0) }) else { return }
    throw unexpectedState(
      intent,
      """
      This PaymentIntent's \(name) could not be updated because it has a status of \(status). \
      You may only update the \(name) of a PaymentIntent with one of the following statuses: \
      requires_payment_method, requires_confirmation, requires_action.
      """)
  }
}

// MARK: Fields

extension PaymentIntents {
  private static func applyFields(_ call: Call, to intent: inout JSONObject) throws {
    for key in plainFields {
      if let value = call[key] { intent[key] = value }
    }
    if let types = call.array("allowed_payment_method_types"), !types.contains("card") {
      throw SandboxError.invalid(
        "The sandbox knows cards only: the payment method types must include card.",
        parameter: "allowed_payment_method_types")
    }
    if let shipping = call["shipping"] {
      intent["shipping"] = shipping.object.map { self.shipping($0) } ?? .null
    }
    if let customer = call.string("customer") {
      intent["customer"] = .string(try Customers.referenced(customer, call).id)
    }
    if let method = try givenMethod(call, for: intent) {
      intent["payment_method"] = .string(method.id)
      intent["status"] = "requires_confirmation"
      intent["next_action"] = .null
    }
  }

  private static func shipping(_ given: JSONObject) -> JSON {
    var shipping: JSONObject = ["address": Address.complete(given.object("address") ?? [:])]
    for name in ["carrier", "name", "phone", "tracking_number"] {
      shipping[name] = JSON(given.string(name))
    }
    return .object(shipping)
  }

  /// The payment method that the call names, which must not be another customer's; one of a token
  /// is kept from now on.
  static func givenMethod(_ call: Call, for intent: JSONObject) throws -> JSONObject? {
    guard let id = call.string("payment_method") else { return nil }
    let method = try PaymentMethods.resolved(id, call, parameter: "payment_method")
    if let owner = method.string("customer"), owner != intent.string("customer") {
      throw PaymentMethods.notAttached(id, parameter: "payment_method")
    }
    try PaymentMethodAttach.requireUsable(method)
    if try call.find("payment_method", method.id) == nil { try call.insert(method) }
    return method
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

  /// An intent cannot do this in the state in which it is.
  static func unexpectedState(_ intent: JSONObject, _ message: String) -> SandboxError {
    SandboxError(
      status: 400, type: .invalidRequest, message: message,
      code: "payment_intent_unexpected_state",
      extras: ["payment_intent": .object(intent.shown)])
  }
}
