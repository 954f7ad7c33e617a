import Basics

/// Trying to pay an intent: `POST /v1/payment_intents/{id}/confirm`, and `confirm` on creation.
enum PaymentIntentConfirm {
  static func run(_ call: Call) throws -> JSON {
    try call.accept(
      only: "payment_method", "off_session", "return_url", "receipt_email", "setup_future_usage",
      "use_stripe_sdk", "error_on_requires_action")
    let intent = try call.required("payment_intent")
    try requireOpen(intent)
    var changed = intent
    for key in ["receipt_email", "setup_future_usage"] {
      if let value = call[key] { changed[key] = value }
    }
    return .object(try confirmed(changed, call))
  }

  /// Tries the card that the call names, else the intent's own.
  static func confirmed(_ intent: JSONObject, _ call: Call) throws -> JSONObject {
    let own = try intent.string("payment_method").flatMap { try call.find("payment_method", $0) }
    let given =
      try own?.id == call.string("payment_method")
      ? own : PaymentIntents.givenMethod(call, for: intent)
    guard let method = given ?? own else {
      throw PaymentIntents.unexpectedState(
        intent,
        """
        You cannot confirm this PaymentIntent because it's missing a payment method. You can \
        either update the PaymentIntent with a payment method and then confirm it again, or \
        confirm it again directly with a payment method or ConfirmationToken.
        """)
    }
    // `one_off` and `recurring` mean that the customer is not there, as `true` does.
    let isOffSession = call.bool("off_session") ?? (call.string("off_session") != nil)
    let result = try PaymentAttempt.run(
      intent, with: method,
      PaymentAttempt.Terms(
        isOffSession: isOffSession,
        refusesAction: call.bool("error_on_requires_action") ?? false,
        returnURL: call.string("return_url")), call)
    if let id = intent.string("_invoice"), let invoice = try call.find("invoice", id) {
      try InvoicePay.follow(result, invoice: invoice, call)
    }
    // A customer who has to act is no error here.
    if case .declined(let decline) = result.outcome {
      throw result.error(actionCode: "", actionMessage: "") ?? decline.error()
    }
    return result.intent
  }

  private static func requireOpen(_ intent: JSONObject) throws {
    let status = intent.string("status") ?? ""
    switch status {
    case "succeeded", "requires_capture":
      throw PaymentIntents.unexpectedState(
        intent,
        """
        You cannot confirm this PaymentIntent because it has already succeeded after being \
        previously confirmed.
        """)
    case "canceled":
      throw PaymentIntents.unexpectedState(
        intent,
        """
        You cannot confirm this PaymentIntent because it has a status of canceled. Only a \
        PaymentIntent with one of the following statuses may be confirmed: \
        requires_confirmation, requires_action.
        """)
    default: return
    }
  }
}
