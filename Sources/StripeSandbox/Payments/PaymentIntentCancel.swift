import Basics

/// Giving a payment up: `POST /v1/payment_intents/{id}/cancel`.
enum PaymentIntentCancel {
  static func run(_ call: Call) throws -> JSON {
    try call.accept(only: "cancellation_reason")
    let intent = try call.required("payment_intent")
    let status = intent.string("status") ?? ""
    guard status != "succeeded", status != "canceled" else {
      throw PaymentIntents.unexpectedState(
        intent,
        """
        You cannot cancel this PaymentIntent because it has a status of \(status). Only a \
        PaymentIntent with one of the following statuses may be canceled: \
        requires_payment_method, requires_capture, requires_confirmation, requires_action, \
        processing.
        """)
    }
    guard intent.string("_invoice") == nil else {
      throw SandboxError.invalid(
        """
        You cannot cancel this PaymentIntent because it was created by an invoice. Void the \
        invoice instead.
        """, code: "payment_intent_unexpected_state")
    }
    if status == "requires_capture" {
      try PaymentIntentCapture.release(intent, event: "charge.refunded", call)
    }
    return .object(try canceled(intent, reason: call.string("cancellation_reason"), call))
  }

  /// Ends an intent that is not paid.
  @discardableResult
  static func canceled(_ intent: JSONObject, reason: String?, _ call: Call) throws -> JSONObject {
    let ended = intent.setting([
      "status": "canceled", "canceled_at": .time(call.now), "cancellation_reason": JSON(reason),
      "next_action": .null, "amount_capturable": 0,
    ])
    return try call.become(intent, ended, "payment_intent.canceled")
  }
}
