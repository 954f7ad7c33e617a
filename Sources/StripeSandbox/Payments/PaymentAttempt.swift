import Basics

/// One attempt to take a payment intent's amount from a card.
///
/// Every payment goes through here: of an invoice that is made, paid by hand or, later, retried.
enum PaymentAttempt {
  enum Outcome: Hashable {
    case succeeded
    case declined(CardDecline)
    case requiresAction
  }

  /// What the bank says: a function of the card alone.
  static func outcome(of card: TestCard?) -> Outcome {
    switch card?.behaviour {
    case nil, .succeeds: .succeeded
    case .declined(let decline), .failsToCharge(let decline): .declined(decline)
    case .requiresAuthentication: .requiresAction
    }
  }

  struct Result {
    let intent: JSONObject
    let outcome: Outcome
    /// The charge, unless the customer has to act first.
    let charge: JSONObject?
  }

  /// Tries it, and stores and tells what came of it.
  static func run(
    _ intent: JSONObject, with method: JSONObject, returnURL: String? = nil, _ call: Call
  ) throws -> Result {
    // A method made of a token in this call is kept from its first use on.
    if try call.find("payment_method", method.id) == nil { try call.insert(method) }
    let outcome = outcome(of: PaymentMethods.testCard(of: method))
    var charge: JSONObject?
    if case .requiresAction = outcome {
    } else {
      let made = Charges.made(for: intent, with: method, decline: outcome.decline, call)
      try call.create(made, event: outcome.decline == nil ? "charge.succeeded" : "charge.failed")
      charge = made
    }
    let tried = after(
      outcome, intent, method: method, charge: charge, returnURL: returnURL, call)
    try call.become(intent, tried, outcome.event)
    return Result(intent: tried, outcome: outcome, charge: charge)
  }

  /// What the intent becomes.
  private static func after(
    _ outcome: Outcome, _ intent: JSONObject, method: JSONObject, charge: JSONObject?,
    returnURL: String?, _ call: Call
  ) -> JSONObject {
    let tried = intent.setting([
      "payment_method": .string(method.id), "latest_charge": JSON(charge?.id),
      "last_payment_error": .null, "next_action": .null,
    ])
    switch outcome {
    case .succeeded:
      return tried.setting(["status": "succeeded", "amount_received": intent["amount"] ?? 0])
    case .declined(let decline):
      let error = paymentError(decline, method: method, charge: charge)
      return tried.setting([
        "status": "requires_payment_method", "payment_method": .null,
        "last_payment_error": error,
      ])
    case .requiresAction:
      return tried.setting([
        "status": "requires_action",
        "next_action": nextAction(intent, returnURL: returnURL, call),
      ])
    }
  }

  private static func paymentError(
    _ decline: CardDecline, method: JSONObject, charge: JSONObject?
  ) -> JSON {
    let page = decline.code.split(separator: "_").joined(separator: "-")
    return [
      "advice_code": .string(decline.advice), "charge": JSON(charge?.id),
      "code": .string(decline.code), "decline_code": .string(decline.declineCode),
      "doc_url": .string("https://stripe.com/docs/error-codes/\(page)"),
      "message": .string(decline.message), "param": JSON(decline.parameter),
      "payment_method": .object(method.shown), "payment_method_type": "card", "type": "card_error",
    ]
  }

  /// Where the customer authenticates: a page to go to, where there is a way back.
  private static func nextAction(
    _ intent: JSONObject, returnURL: String?, _ call: Call
  ) -> JSON {
    guard let returnURL else {
      let source = "payatt_\(call.newToken(length: 24))"
      return [
        "type": "use_stripe_sdk",
        "use_stripe_sdk": [
          "three_d_secure_2_source": .string(source), "type": "stripe_3ds2_fingerprint",
        ],
      ]
    }
    let secret = intent.string("client_secret") ?? ""
    let page = "https://hooks.stripe.com/3d_secure_2/hosted?payment_intent=\(intent.id)"
    return [
      "redirect_to_url": [
        "return_url": .string(returnURL),
        "url": .string("\(page)&payment_intent_client_secret=\(secret)"),
      ], "type": "redirect_to_url",
    ]
  }
}

extension PaymentAttempt.Outcome {
  var decline: CardDecline? {
    if case .declined(let decline) = self { decline } else { nil }
  }

  fileprivate var event: String {
    switch self {
    case .succeeded: "payment_intent.succeeded"
    case .declined: "payment_intent.payment_failed"
    case .requiresAction: "payment_intent.requires_action"
    }
  }
}

extension PaymentAttempt.Result {
  /// The answer 402 for a caller who wanted it paid; what was tried stays.
  ///
  /// - Parameter actionCode: the code where the customer has to act.
  func error(actionCode: String, actionMessage: String) -> SandboxError? {
    var extras: JSONObject = ["payment_intent": .object(intent.shown)]
    switch outcome {
    case .succeeded: return nil
    case .declined(let decline):
      extras["charge"] = charge.map { .string($0.id) }
      extras["payment_method"] = intent.object("last_payment_error")?["payment_method"]
      return decline.error(extras: extras, keepsChanges: true)
    case .requiresAction:
      return .card(actionMessage, code: actionCode, extras: extras, keepsChanges: true)
    }
  }
}
