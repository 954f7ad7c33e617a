import Basics

/// A page that sets a card up for later payments, through a setup intent that is there from the
/// beginning.
enum CheckoutSetup {
  /// The intent of a new page.
  static func intent(_ call: Call) throws -> JSONObject {
    let data = call.object("setup_intent_data") ?? [:]
    if data["on_behalf_of"] != nil {
      throw CheckoutRules.unbuilt("setup_intent_data[on_behalf_of]")
    }
    let intent = SetupIntents.made(call).setting([
      "customer": call["customer"] ?? .null, "description": data["description"] ?? .null,
      "metadata": try Metadata.merged(
        [:], with: data["metadata"], parameter: "setup_intent_data[metadata]"),
    ])
    return try call.create(intent, event: "setup_intent.created")
  }

  static func confirm(
    _ session: JSONObject, by buyer: CheckoutBuyer, with method: JSONObject?, _ call: Call
  ) throws -> JSONObject {
    guard let method, let intent = try intent(of: session, call) else {
      throw SandboxError.unexpected
    }
    if try call.find("payment_method", method.id) == nil { try call.insert(method) }
    let refused = PageCard.refusal(of: method) != nil
    let customer = refused ? nil : try buyer.customer(isNeeded: false, call)
    let owned = intent.setting(["customer": JSON(customer?.id ?? session.string("customer"))])
    try call.save(owned)
    try finish(owned, with: method, call)
    return session.setting(["customer": owned["customer"] ?? .null])
  }

  /// Sets a card up; the customer authenticates where the bank asks for it. A card that is refused
  /// is a 402.
  static func finish(
    _ intent: JSONObject, with method: JSONObject, _ call: Call
  ) throws {
    var result = try SetupAttempt.run(intent, with: method, call)
    if case .requiresAction = result.outcome {
      result = try SetupAttempt.authenticated(result.intent, passed: true, call)
    }
    if let error = result.error { throw error }
  }

  /// Ends the intent of a page on which nobody gave a card.
  static func giveUp(_ session: JSONObject, _ call: Call) throws {
    guard let intent = try intent(of: session, call) else { return }
    let canceled = intent.setting(["status": "canceled", "next_action": .null])
    try call.become(intent, canceled, "setup_intent.canceled")
  }

  private static func intent(of session: JSONObject, _ call: Call) throws -> JSONObject? {
    try session.string("setup_intent").flatMap { try call.find("setup_intent", $0) }
  }
}
