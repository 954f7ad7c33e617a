import Basics

/// Why a card is refused, in Stripe's words.
struct CardDecline: Hashable, Sendable {
  /// `card_declined`, or the code of a more particular refusal.
  var code = "card_declined"
  /// nil where no bank was asked.
  var declineCode: String?
  var message = "Your card was declined."
  var parameter: String?
  /// What to do next: `try_again_later`, `do_not_try_again`, `confirm_card_data`.
  var advice: String? = "try_again_later"
  /// What the card network calls it, where that is known.
  var networkCode: String?
  var kind = SandboxError.Kind.card

  static let generic = CardDecline(declineCode: "generic_decline", networkCode: "01")
  static let insufficientFunds = CardDecline(
    declineCode: "insufficient_funds", message: "Your card has insufficient funds.")
  static let lostCard = CardDecline(declineCode: "lost_card", advice: "do_not_try_again")
  static let stolenCard = CardDecline(declineCode: "stolen_card", advice: "do_not_try_again")
  static let expiredCard = CardDecline(
    code: "expired_card", declineCode: "expired_card", message: "Your card has expired.",
    parameter: "exp_month", advice: "do_not_try_again")
  static let incorrectCVC = CardDecline(
    code: "incorrect_cvc", declineCode: "incorrect_cvc",
    message: "Your card's security code is incorrect.", parameter: "cvc",
    advice: "confirm_card_data")
  static let processingError = CardDecline(
    code: "processing_error", declineCode: "processing_error",
    message: "An error occurred while processing your card. Try again in a little bit.")
  static let velocityExceeded = CardDecline(
    declineCode: "card_velocity_exceeded",
    message: """
      Your card was declined for making repeated attempts too frequently or exceeding its amount \
      limit.
      """)

  // MARK: Authentication

  /// The bank wants the customer, who is not there.
  static let authenticationRequired = CardDecline(
    code: "authentication_required", declineCode: "authentication_required",
    message: "Your card was declined. This transaction requires authentication.", advice: nil)

  /// `error_on_requires_action`: the caller does not want to wait for the customer.
  static let authenticationNotHandled = CardDecline(
    code: "authentication_required", declineCode: "authentication_not_handled",
    message: """
      This payment required an authentication action to complete, but `error_on_requires_action` \
      was set. When you're ready, you can upgrade your integration to handle actions at \
      https://stripe.com/docs/payments/payment-intents/upgrade-to-handle-actions.
      """, advice: nil)

  /// The customer did not pass.
  ///
  /// - Parameter intent: `payment_intent` or `setup_intent`.
  static func authenticationFailed(_ intent: String) -> CardDecline {
    let name = intent == "setup_intent" ? "SetupIntent" : "PaymentIntent"
    return CardDecline(
      code: "\(intent)_authentication_failure",
      message: """
        The provided PaymentMethod has failed authentication. You can provide \
        payment_method_data or a new PaymentMethod to attempt to fulfill this \(name) again.
        """, advice: nil, kind: .invalidRequest)
  }
}

extension CardDecline {
  /// The answer 402.
  ///
  /// - Parameter extras: `charge`, `payment_intent`, `payment_method`, where they are kept.
  func error(extras: JSONObject = [:], keepsChanges: Bool = false) -> SandboxError {
    .card(
      message, code: code, declineCode: declineCode, adviceCode: advice,
      parameter: parameter, extras: extras, keepsChanges: keepsChanges)
  }

  /// The answer 402 to an attempt to attach the card, which names an empty parameter.
  var attachError: SandboxError {
    let network = networkCode.map { ["network_decline_code": JSON.string($0)] } ?? [:]
    return .card(
      message, code: code, declineCode: declineCode, adviceCode: advice,
      parameter: parameter ?? "",
      extras: JSONObject(uniqueKeysWithValues: network.map { ($0.key, $0.value) }))
  }

  /// What stands on an intent: `last_payment_error`, `last_setup_error`.
  func noted(_ method: JSONObject, charge: JSONObject? = nil) -> JSON {
    let page = code.split(separator: "_").joined(separator: "-")
    var error: JSONObject = [
      "advice_code": JSON(advice), "code": .string(code), "decline_code": JSON(declineCode),
      "doc_url": .string("https://stripe.com/docs/error-codes/\(page)"),
      "message": .string(message), "param": JSON(parameter),
      "payment_method": .object(method.shown), "payment_method_type": "card",
      "type": .string(kind.rawValue),
    ]
    if let charge { error["charge"] = .string(charge.id) }
    return .object(error)
  }
}
