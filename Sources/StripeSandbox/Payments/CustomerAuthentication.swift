import Basics

/// The customer who answers the bank's question (3D Secure): operations of the sandbox's own.
///
/// `POST /sandbox/payment_intents/{id}/authenticate` and the same of setup intents, with `outcome`
/// `succeeded` (the default) or `failed`. The answer is the intent, whatever became of it.
enum CustomerAuthentication: Resource {
  static let types: [ResourceType] = []

  static let operations: [Operation] = [
    .own(
      "POST", "/sandbox/payment_intents/{id}/authenticate", parameters: parameters,
      returns: "payment_intent"
    ) { call in
      let intent = try waiting("payment_intent", call)
      return .object(try payment(intent, passed: passed(call), call))
    },
    .own(
      "POST", "/sandbox/setup_intents/{id}/authenticate", parameters: parameters,
      returns: "setup_intent"
    ) { call in
      let intent = try waiting("setup_intent", call)
      return .object(try SetupAttempt.authenticated(intent, passed: passed(call), call).intent)
    },
  ]

  private static let parameters = [
    "outcome": ParameterSchema.enumeration(["succeeded", "failed"])
  ]

  /// Goes on with a payment, and with the invoice and the subscription that it is for.
  static func payment(_ intent: JSONObject, passed: Bool, _ call: Call) throws -> JSONObject {
    let result = try PaymentAttempt.authenticated(intent, passed: passed, call)
    if let id = intent.string("_invoice"), let invoice = try call.find("invoice", id) {
      try InvoicePay.follow(result, invoice: invoice, call)
    }
    return result.intent
  }

  private static func passed(_ call: Call) -> Bool { call.string("outcome") != "failed" }

  private static func waiting(_ type: String, _ call: Call) throws -> JSONObject {
    let intent = try call.required(type)
    guard intent.string("status") == "requires_action" else {
      throw SandboxError.invalid(
        """
        There is nothing to authenticate: the status of \(intent.id) is \
        \(intent.string("status") ?? ""), not requires_action.
        """, code: "\(type)_unexpected_state")
    }
    return intent
  }
}
