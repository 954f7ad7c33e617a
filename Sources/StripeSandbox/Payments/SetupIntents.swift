import Basics

/// A card on its way to being charged later: `/v1/setup_intents`.
enum SetupIntents: Resource {
  static let types = [
    ResourceType(
      "setup_intent", idPrefix: "seti", label: "setupintent",
      indexed: ["customer", "payment_method"],
      expandable: [
        "customer": .reference("customer"), "payment_method": .reference("payment_method"),
      ])
  ]

  static let operations: [Operation] = [
    .post("/v1/setup_intents", create),
    .get("/v1/setup_intents", list),
    .get("/v1/setup_intents/{id}", retrieve),
    .post("/v1/setup_intents/{id}", update),
    .post("/v1/setup_intents/{id}/confirm", confirm),
    .post("/v1/setup_intents/{id}/cancel", cancel),
  ]

  private static let template = JSONObject.template(
    """
    {"id":"","object":"setup_intent","allowed_payment_method_types":null,"application":null,
    "attach_to_self":null,"automatic_payment_methods":null,"cancellation_reason":null,
    "client_secret":"","created":0,"customer":null,"customer_account":null,"description":null,
    "excluded_payment_method_types":null,"flow_directions":null,"last_setup_error":null,
    "latest_attempt":null,"livemode":false,"managed_payments":null,"mandate":null,"metadata":{},
    "next_action":null,"on_behalf_of":null,"payment_method":null,
    "payment_method_configuration_details":null,
    "payment_method_options":{"card":{"mandate_options":null,"network":null,
    "request_three_d_secure":"automatic"}},"payment_method_types":["card"],
    "single_use_mandate":null,"status":"requires_payment_method","usage":"off_session"}
    """)

  /// A new intent, that nobody has confirmed yet.
  static func made(_ call: Call) -> JSONObject {
    let id = call.newID("seti", length: 24)
    return template.setting([
      "id": .string(id), "created": .time(call.now),
      "client_secret": .string("\(id)_secret_\(call.newToken(length: 31))"),
    ])
  }
}

// MARK: Operations

extension SetupIntents {
  private static func create(_ call: Call) throws -> JSON {
    try call.accept(
      only: "customer", "payment_method", "confirm", "usage", "description", "metadata",
      "return_url", "automatic_payment_methods", "use_stripe_sdk", "allowed_payment_method_types")
    if call.bool("confirm") != true, call.has("return_url") {
      throw SandboxError.invalid(
        "You can only provide `return_url` when `confirm` is set to `true`.",
        parameter: "return_url")
    }
    var intent = made(call)
    try applyFields(call, to: &intent)
    intent["usage"] = call["usage"] ?? "off_session"
    intent["metadata"] = try call.newMetadata()
    let automatic = call.object("automatic_payment_methods")
    intent["automatic_payment_methods"] = [
      "allow_redirects": automatic?["allow_redirects"] ?? "always",
      "enabled": automatic?["enabled"] ?? true,
    ]
    try call.create(intent, event: "setup_intent.created")
    guard call.bool("confirm") == true else { return .object(intent) }
    return .object(try confirmed(intent, call))
  }

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try call.required("setup_intent"))
  }

  private static func list(_ call: Call) throws -> JSON {
    try call.accept(
      only: "customer", "payment_method", "created", "limit", "starting_after", "ending_before")
    return try call.list(
      "setup_intent",
      matching: ["customer": call["customer"], "payment_method": call["payment_method"]])
  }

  private static func update(_ call: Call) throws -> JSON {
    try call.accept(
      only: "customer", "payment_method", "description", "metadata",
      "allowed_payment_method_types")
    let intent = try call.required("setup_intent")
    if call.has("payment_method") || call.has("customer") { try requireOpen(intent, to: "update") }
    var changed = intent
    try applyFields(call, to: &changed)
    changed["metadata"] = try call.mergedMetadata(of: intent)
    try call.save(changed)
    return .object(changed)
  }

  private static func confirm(_ call: Call) throws -> JSON {
    try call.accept(only: "payment_method", "return_url", "use_stripe_sdk")
    let intent = try call.required("setup_intent")
    try requireOpen(intent, to: "confirm")
    return .object(try confirmed(intent, call))
  }

  private static func cancel(_ call: Call) throws -> JSON {
    try call.accept(only: "cancellation_reason")
    let intent = try call.required("setup_intent")
    try requireOpen(intent, to: "cancel")
    let canceled = intent.setting([
      "status": "canceled", "cancellation_reason": call["cancellation_reason"] ?? .null,
      "next_action": .null,
    ])
    return .object(try call.become(intent, canceled, "setup_intent.canceled"))
  }
}

// MARK: Steps

extension SetupIntents {
  /// Tries the card that the call names, else the intent's own.
  private static func confirmed(_ intent: JSONObject, _ call: Call) throws -> JSONObject {
    let given = try PaymentIntents.givenMethod(call, for: intent)
    let own = try intent.string("payment_method").flatMap { try call.find("payment_method", $0) }
    guard let method = given ?? own else {
      throw unexpectedState(
        intent,
        """
        You cannot confirm this SetupIntent because it's missing a payment method. You can either \
        update the SetupIntent with a payment method and then confirm it again, or confirm it \
        again directly with a payment method or ConfirmationToken.
        """)
    }
    let result = try SetupAttempt.run(
      intent, with: method, returnURL: call.string("return_url"), call)
    if let error = result.error { throw error }
    return result.intent
  }

  private static func applyFields(_ call: Call, to intent: inout JSONObject) throws {
    for key in ["description", "allowed_payment_method_types"] {
      if let value = call[key] { intent[key] = value }
    }
    if let types = call.array("allowed_payment_method_types"), !types.contains("card") {
      throw SandboxError.invalid(
        "The sandbox knows cards only: the payment method types must include card.",
        parameter: "allowed_payment_method_types")
    }
    if let customer = call.string("customer") {
      intent["customer"] = .string(try Customers.referenced(customer, call).id)
    }
    if let method = try PaymentIntents.givenMethod(call, for: intent) {
      intent["payment_method"] = .string(method.id)
      intent["status"] = "requires_confirmation"
      intent["next_action"] = .null
    }
  }

  private static func requireOpen(_ intent: JSONObject, to verb: String) throws {
    let status = intent.string("status") ?? ""
    guard status == "succeeded" || status == "canceled" else { return }
    let participle = verb == "cancel" ? "canceled" : verb == "update" ? "updated" : "confirmed"
    throw unexpectedState(
      intent,
      """
      You cannot \(verb) this SetupIntent because it has a status of \(status). Only a SetupIntent \
      with one of the following statuses may be \(participle): requires_payment_method, \
      requires_confirmation, requires_action.
      """)
  }

  private static func unexpectedState(_ intent: JSONObject, _ message: String) -> SandboxError {
    SandboxError(
      status: 400, type: .invalidRequest, message: message,
      code: "setup_intent_unexpected_state",
      extras: ["setup_intent": .object(intent.shown)])
  }
}
