import Basics

/// The payment intent behind a page: what a declined card leaves behind, and what pays at last.
///
/// Stripe pays a subscription's page with one intent, which becomes its first invoice's. Here an
/// invoice makes its own, and the one that holds the declined attempts is canceled when the page is
/// paid.
enum CheckoutIntent {
  /// The intent of earlier attempts.
  static func open(of session: JSONObject, _ call: Call) throws -> JSONObject? {
    guard let id = session.string("payment_intent") ?? session.string("_intent") else {
      return nil
    }
    return try call.find("payment_intent", id)
  }

  /// The intent that is to pay a session: the one of earlier attempts, or a new one.
  static func ready(for session: JSONObject, _ call: Call) throws -> JSONObject {
    let (amount, currency) = (
      session.integer("amount_total") ?? 0, session.string("currency") ?? ""
    )
    if let open = try open(of: session, call) {
      let changed = open.setting(["amount": .integer(amount)])
      try call.save(changed)
      return changed
    }
    var intent = PaymentIntents.made(amount: amount, currency: currency, call)
    intent["customer"] = session["customer"] ?? .null
    intent["payment_details"] = [
      "customer_reference": .null, "order_reference": .string(String(session.id.prefix(25))),
    ]
    if CheckoutMode(of: session) == .payment { CheckoutPayment.fill(&intent, session) }
    return try call.create(intent, event: "payment_intent.created")
  }

  /// Tries a card; the customer authenticates where the bank asks for it.
  static func attempt(
    _ intent: JSONObject, with method: JSONObject, _ call: Call
  ) throws -> PaymentAttempt.Result {
    let result = try PaymentAttempt.run(intent, with: method, PaymentAttempt.Terms(), call)
    guard case .requiresAction = result.outcome else { return result }
    return try PaymentAttempt.authenticated(result.intent, passed: true, call)
  }

  /// Notes the attempt with a card that is refused; the answer of the page.
  static func refused(
    _ session: JSONObject, with method: JSONObject, _ call: Call
  ) throws -> SandboxError {
    let intent = try ready(for: session, call)
    let result = try attempt(intent, with: method, call)
    let stored = try call.required("checkout.session")
    let place = CheckoutMode(of: session) == .payment ? "payment_intent" : "_intent"
    try call.save(stored.setting([place: .string(intent.id)]))
    let error = result.error(actionCode: "authentication_required", actionMessage: "")
    return error ?? .unexpected
  }

  /// Ends the intents with which nobody paid.
  static func giveUp(_ session: JSONObject, _ call: Call) throws {
    if let intent = try open(of: session, call), intent.string("status") != "succeeded" {
      try PaymentIntentCancel.canceled(intent, reason: nil, call)
    }
    try CheckoutSetup.giveUp(session, call)
  }
}
