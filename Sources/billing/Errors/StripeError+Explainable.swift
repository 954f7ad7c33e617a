import Basics
import Stripe

extension StripeError: Explainable {
  var explanation: CommandError {
    switch self {
    case .refused(let refusal): Self.explain(refusal)
    case .notReached(let failure): failure.explanation
    case .rateLimited(let refusal):
      CommandError(
        "rate_limit", "Stripe asks to wait: \(refusal.message)",
        hint: "nothing was changed; run it again in a moment", exit: .unreachable,
        requestID: refusal.requestID)
    case .noAnswer(let failure):
      CommandError(
        failure.isTimeout ? "timeout" : "api_error",
        "no readable answer from Stripe: \(failure.detail)",
        hint: "nothing was changed; run it again", exit: .unreachable,
        requestID: failure.requestID)
    case .outcomeUnknown(let failure):
      CommandError(
        "outcome_unknown",
        "it is not known whether Stripe carried this out: \(failure.detail)",
        hint: "billing recover finds out and settles it", exit: .outcomeUnknown,
        requestID: failure.requestID)
    case .invalidRequest(let reason): Self.explain(reason)
    }
  }

  private static func explain(_ refusal: Refusal) -> CommandError {
    let code = refusal.code ?? refusal.type
    var message = shortened(refusal.message)
    if let decline = refusal.declineCode, decline != refusal.code { message += " (\(decline))" }
    return CommandError(
      code, message, hint: hint(for: code) ?? hint(naming: refusal.parameter, in: message),
      exit: .refused,
      requestID: refusal.requestID)
  }

  /// Some of Stripe's messages list everything that would be possible.
  private static func shortened(_ message: String) -> String {
    guard message.count > longestMessage else { return message }
    return "\(message.prefix(longestMessage))…"
  }

  private static let longestMessage = 400

  private static func hint(for code: String) -> String? {
    switch code {
    case "authentication_required", "invoice_payment_intent_requires_action":
      "the customer has to confirm this payment on the invoice's page"
    case "card_declined", "expired_card", "incorrect_cvc", "processing_error":
      "try another payment method"
    case "api_key_expired", "invalid_api_key", "secret_key_required":
      "check STRIPE_SECRET_KEY; billing doctor tells more"
    case "idempotency_error":
      "this --idempotency-key was used for another request; take another one"
    default: nil
    }
  }

  /// Which parameter Stripe means, where its words do not name it.
  private static func hint(naming parameter: String?, in message: String) -> String? {
    guard let parameter, !message.contains(parameter) else { return nil }
    return "Stripe names the parameter \(parameter)"
  }

  private static func explain(_ reason: InvalidRequest) -> CommandError {
    switch reason {
    case .path: CommandError("usage", reason.rawValue, exit: .usage)
    case .insecureBase:
      CommandError(
        "usage", reason.rawValue, hint: "use https in --api-base or STRIPE_API_BASE",
        exit: .usage)
    }
  }
}

extension TransportError: Explainable {
  /// Nothing happened: of a request that may have been executed the client throws another error.
  var explanation: CommandError {
    switch kind {
    case .timeout:
      CommandError(
        "timeout", "Stripe did not answer in time: \(detail)",
        hint: "run it again, or raise --timeout", exit: .unreachable)
    case .badURL:
      CommandError(
        "usage", "no such address: \(detail)", hint: "check --api-base and STRIPE_API_BASE",
        exit: .usage)
    case .canceled: CommandError("interrupted", "interrupted", exit: .interrupted)
    case .nameNotResolved, .refused, .tls, .cut, .responseTooLarge, .other:
      CommandError(
        "network", "Stripe was not reached: \(detail)",
        hint: "nothing was changed; check the connection and run it again", exit: .unreachable)
    }
  }
}
