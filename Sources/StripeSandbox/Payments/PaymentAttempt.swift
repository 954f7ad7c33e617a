import Basics

/// One attempt to take a payment intent's amount from a card.
///
/// Every payment goes through here: of an invoice that is made, paid by hand or retried, of an
/// intent that is confirmed, and of a customer who has authenticated.
enum PaymentAttempt {
  enum Outcome: Hashable {
    case succeeded
    case declined(CardDecline)
    case requiresAction
  }

  /// In which circumstances it is tried.
  struct Terms {
    /// The customer is not at hand.
    var isOffSession = false
    /// Waiting for the customer counts as a failure.
    var refusesAction = false
    /// Where the customer comes back to after authenticating.
    var returnURL: String?
  }

  struct Result {
    let intent: JSONObject
    let outcome: Outcome
    /// The charge, where the bank was asked.
    let charge: JSONObject?
  }

  /// What the bank says: a function of the card, of whether it was set up for later payments, and
  /// of whether the customer is at hand.
  static func outcome(of method: JSONObject, isOffSession: Bool) -> Outcome {
    guard let card = PaymentMethods.testCard(of: method) else { return .succeeded }
    let isSetUp = method.bool("_set_up") == true
    guard !card.requiresAuthentication(isSetUp: isSetUp, isOffSession: isOffSession) else {
      return .requiresAction
    }
    return card.decline.map { .declined($0) } ?? .succeeded
  }

  /// Tries it, and stores and tells what came of it.
  static func run(
    _ intent: JSONObject, with method: JSONObject, _ terms: Terms = Terms(), _ call: Call
  ) throws -> Result {
    // A method made of a token in this call is kept from its first use on.
    if try call.find("payment_method", method.id) == nil { try call.insert(method) }
    let outcome = outcome(of: method, isOffSession: terms.isOffSession)
    switch outcome {
    case .succeeded: return try succeed(intent, method, call)
    case .declined(let decline): return try fail(intent, method, decline, call)
    case .requiresAction:
      if terms.isOffSession { return try failOffSession(intent, method, call) }
      if terms.refusesAction {
        return try fail(intent, method, .authenticationNotHandled, asksBank: false, call)
      }
      return try wait(intent, method, charge: nil, terms.returnURL, call)
    }
  }

  /// Goes on when the customer has authenticated, or has not passed.
  static func authenticated(
    _ intent: JSONObject, passed: Bool, _ call: Call
  ) throws -> Result {
    let id = intent.string("payment_method") ?? ""
    guard intent.string("status") == "requires_action",
      let method = try call.find("payment_method", id)
    else { throw SandboxError.unexpected }
    guard passed else {
      return try fail(
        intent, method, .authenticationFailed("payment_intent"), asksBank: false, call)
    }
    guard let decline = PaymentMethods.testCard(of: method)?.decline else {
      return try succeed(intent, method, call)
    }
    return try fail(intent, method, decline, call)
  }
}

// MARK: Steps

extension PaymentAttempt {
  private static func succeed(
    _ intent: JSONObject, _ method: JSONObject, _ call: Call
  ) throws -> Result {
    let charge = Charges.made(for: intent, with: method, decline: nil, call)
    try call.create(charge, event: "charge.succeeded")
    try keep(method, of: intent, call)
    let tried = tried(intent, method, charge)
    let amount = intent["amount"] ?? 0
    guard intent.string("capture_method") != "manual" else {
      let authorized = tried.setting([
        "status": "requires_capture", "amount_capturable": amount,
        "_capture_before": .time(call.now + Charges.captureSeconds),
      ])
      try call.become(intent, authorized, "payment_intent.amount_capturable_updated")
      return Result(intent: authorized, outcome: .succeeded, charge: charge)
    }
    let paid = tried.setting(["status": "succeeded", "amount_received": amount])
    try call.become(intent, paid, "payment_intent.succeeded")
    return Result(intent: paid, outcome: .succeeded, charge: charge)
  }

  private static func fail(
    _ intent: JSONObject, _ method: JSONObject, _ decline: CardDecline, asksBank: Bool = true,
    _ call: Call
  ) throws -> Result {
    var charge: JSONObject?
    if asksBank {
      let failed = Charges.made(for: intent, with: method, decline: decline, call)
      charge = try call.create(failed, event: "charge.failed")
    }
    let failed = tried(intent, method, charge).setting([
      "status": "requires_payment_method", "payment_method": .null,
      "last_payment_error": decline.noted(method, charge: charge),
    ])
    try call.become(intent, failed, "payment_intent.payment_failed")
    return Result(intent: failed, outcome: .declined(decline), charge: charge)
  }

  /// The customer has to act and is not there: the bank declines. The intent of an invoice waits
  /// for the customer all the same, who is told by a mail (seen in events of Stripe's own: a failed
  /// charge, `payment_intent.payment_failed`, then `payment_intent.requires_action`).
  private static func failOffSession(
    _ intent: JSONObject, _ method: JSONObject, _ call: Call
  ) throws -> Result {
    let failed = try fail(intent, method, .authenticationRequired, call)
    guard intent.string("_invoice") != nil else { return failed }
    return try wait(failed.intent, method, charge: failed.charge, nil, call)
  }

  private static func wait(
    _ intent: JSONObject, _ method: JSONObject, charge: JSONObject?, _ returnURL: String?,
    _ call: Call
  ) throws -> Result {
    let waiting = tried(intent, method, charge).setting([
      "status": "requires_action", "next_action": try NextAction.made(intent, returnURL, call),
    ])
    try call.become(intent, waiting, "payment_intent.requires_action")
    return Result(intent: waiting, outcome: .requiresAction, charge: charge)
  }

  private static func tried(
    _ intent: JSONObject, _ method: JSONObject, _ charge: JSONObject?
  ) -> JSONObject {
    intent.setting([
      "payment_method": .string(method.id), "latest_charge": JSON(charge?.id),
      "last_payment_error": .null, "next_action": .null,
    ])
  }

  /// `setup_future_usage` attaches the card to the customer and sets it up; a card of nobody that
  /// has paid can pay no second time.
  private static func keep(_ method: JSONObject, of intent: JSONObject, _ call: Call) throws {
    guard let usage = intent.string("setup_future_usage") else {
      guard method.string("customer") == nil else { return }
      return try call.save(method.setting(["_detached": true]))
    }
    try PaymentMethodAttach.setUp(
      method, for: intent.string("customer"), usage: usage, call)
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
