import Basics

/// Taking what was only authorised: `POST /v1/payment_intents/{id}/capture`.
///
/// Stripe gives back what is not captured, and all of it after seven days or when the intent is
/// canceled: the charge then counts as refunded to that extent. Whether a refund object stands for
/// it is not known; here there is none.
enum PaymentIntentCapture {
  static func run(_ call: Call) throws -> JSON {
    try call.accept(
      only: "amount_to_capture", "metadata", "statement_descriptor",
      "statement_descriptor_suffix")
    let intent = try call.required("payment_intent")
    let status = intent.string("status") ?? ""
    guard status == "requires_capture" else {
      throw PaymentIntents.unexpectedState(
        intent,
        """
        This PaymentIntent could not be captured because it has a status of \(status). Only a \
        PaymentIntent with one of the following statuses may be captured: requires_capture.
        """)
    }
    let held = intent.integer("amount_capturable") ?? 0
    let amount = call.integer("amount_to_capture") ?? held
    guard amount <= held else {
      throw SandboxError.invalid(
        "The requested capture amount is greater than the amount you can capture for this charge.",
        code: "amount_too_large", parameter: "amount_to_capture")
    }
    try Call.checkRange(amount, 1...held, parameter: "amount_to_capture")
    return .object(try capture(amount, of: intent, call))
  }

  private static func capture(
    _ amount: Int64, of intent: JSONObject, _ call: Call
  ) throws -> JSONObject {
    var captured = intent.setting([
      "status": "succeeded", "amount_capturable": 0, "amount_received": .integer(amount),
      "metadata": try call.mergedMetadata(of: intent), "_capture_before": .null,
    ])
    let charge = try call.required("charge", intent.string("latest_charge") ?? "")
    let rest = (charge.integer("amount") ?? 0) - amount
    var taken = charge.setting([
      "captured": true, "amount_captured": .integer(amount), "amount_refunded": .integer(rest),
    ])
    for name in ["statement_descriptor", "statement_descriptor_suffix"] {
      guard let value = call[name] else { continue }
      captured[name] = value
      taken[name] = value
    }
    try call.become(charge, taken, "charge.captured")
    return try call.become(intent, captured, "payment_intent.succeeded")
  }

  /// Gives back what is held.
  static func release(_ intent: JSONObject, event: String, _ call: Call) throws {
    let charge = try call.required("charge", intent.string("latest_charge") ?? "")
    let released = charge.setting([
      "amount_refunded": charge["amount"] ?? 0, "refunded": true,
    ])
    try call.become(charge, released, event)
  }

  /// What nobody captures within seven days is given back.
  static let expiry = Due(
    moment: { intent in
      intent.string("status") == "requires_capture" ? intent.timestamp("_capture_before") : nil
    },
    run: { call, intent in
      try release(intent, event: "charge.expired", call)
      try PaymentIntentCancel.canceled(intent, reason: "automatic", call)
    })
}
