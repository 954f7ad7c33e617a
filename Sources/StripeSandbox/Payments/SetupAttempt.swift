import Basics

/// One attempt to set a card up for later payments.
///
/// A card that can be attached can be set up, if its customer authenticates where it asks for that;
/// nothing is charged.
enum SetupAttempt {
  struct Result {
    let intent: JSONObject
    let outcome: PaymentAttempt.Outcome
  }

  /// What the bank says.
  static func outcome(of method: JSONObject) -> PaymentAttempt.Outcome {
    guard let card = PaymentMethods.testCard(of: method) else { return .succeeded }
    if case .declined(let decline) = card.behaviour { return .declined(decline) }
    let isSetUp = method.bool("_set_up") == true
    return card.requiresAuthentication(isSetUp: isSetUp, isOffSession: false)
      ? .requiresAction : .succeeded
  }

  /// Tries it, and stores and tells what came of it.
  static func run(
    _ intent: JSONObject, with method: JSONObject, returnURL: String? = nil, _ call: Call
  ) throws -> Result {
    let outcome = outcome(of: method)
    switch outcome {
    case .succeeded: return try succeed(intent, method, call)
    case .declined(let decline): return try fail(intent, method, decline, call)
    case .requiresAction:
      let waiting = tried(intent, method, call).setting([
        "status": "requires_action", "next_action": try NextAction.made(intent, returnURL, call),
      ])
      try call.become(intent, waiting, "setup_intent.requires_action")
      return Result(intent: waiting, outcome: outcome)
    }
  }

  /// Goes on when the customer has authenticated, or has not passed.
  static func authenticated(_ intent: JSONObject, passed: Bool, _ call: Call) throws -> Result {
    let id = intent.string("payment_method") ?? ""
    guard intent.string("status") == "requires_action",
      let method = try call.find("payment_method", id)
    else { throw SandboxError.unexpected }
    guard passed else {
      return try fail(intent, method, .authenticationFailed("setup_intent"), call)
    }
    return try succeed(intent, method, call)
  }

  private static func succeed(
    _ intent: JSONObject, _ method: JSONObject, _ call: Call
  ) throws -> Result {
    try PaymentMethodAttach.setUp(
      method, for: intent.string("customer"), usage: intent.string("usage") ?? "", call)
    let done = tried(intent, method, call).setting(["status": "succeeded"])
    try call.become(intent, done, "setup_intent.succeeded")
    try SubscriptionSetup.finish(done, call)
    return Result(intent: done, outcome: .succeeded)
  }

  private static func fail(
    _ intent: JSONObject, _ method: JSONObject, _ decline: CardDecline, _ call: Call
  ) throws -> Result {
    let failed = tried(intent, method, call).setting([
      "status": "requires_payment_method", "payment_method": .null,
      "last_setup_error": decline.noted(method),
    ])
    try call.become(intent, failed, "setup_intent.setup_failed")
    return Result(intent: failed, outcome: .declined(decline))
  }

  private static func tried(
    _ intent: JSONObject, _ method: JSONObject, _ call: Call
  ) -> JSONObject {
    intent.setting([
      "payment_method": .string(method.id), "last_setup_error": .null, "next_action": .null,
      "latest_attempt": .string(call.newID("setatt", length: 24)),
    ])
  }
}

extension SetupAttempt.Result {
  /// The answer 402 where the card was refused; what was tried stays.
  var error: SandboxError? {
    guard case .declined(let decline) = outcome else { return nil }
    var extras: JSONObject = ["setup_intent": .object(intent.shown)]
    extras["payment_method"] = intent.object("last_setup_error")?["payment_method"]
    return decline.error(extras: extras, keepsChanges: true)
  }
}
