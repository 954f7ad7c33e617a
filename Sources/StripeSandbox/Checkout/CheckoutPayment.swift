import Basics

/// A page that takes one payment.
enum CheckoutPayment {
  /// Refuses what a payment cannot do here.
  static func check(_ data: JSONObject) throws {
    for name in [
      "application_fee_amount", "on_behalf_of", "shipping", "transfer_data",
    ] where data[name] != nil {
      throw CheckoutRules.unbuilt("payment_intent_data[\(name)]")
    }
    if data.string("capture_method") == "manual" {
      throw CheckoutRules.unbuilt("payment_intent_data[capture_method]")
    }
  }

  /// What `payment_intent_data` asks for.
  static func fill(_ intent: inout JSONObject, _ session: JSONObject) {
    let data = session.object("_data") ?? [:]
    for name in [
      "capture_method", "description", "metadata", "receipt_email", "setup_future_usage",
      "statement_descriptor", "statement_descriptor_suffix", "transfer_group",
    ] {
      if let value = data[name] { intent[name] = value }
    }
  }

  static func pay(
    _ session: JSONObject, by buyer: CheckoutBuyer, with method: JSONObject?, _ call: Call
  ) throws -> JSONObject {
    guard let method else {
      let customer = try buyer.customer(isNeeded: isCustomerNeeded(session), call)
      try CheckoutDiscount(of: session, call)?.redeem(for: session, call)
      return session.setting(["customer": JSON(customer?.id)])
    }
    do {
      return try call.store.atomically { try charge(session, buyer, method, call) }
    } catch is PageRefusal {
      throw try CheckoutIntent.refused(session, with: method, call)
    }
  }

  private static func charge(
    _ session: JSONObject, _ buyer: CheckoutBuyer, _ method: JSONObject, _ call: Call
  ) throws -> JSONObject {
    let customer = try buyer.customer(isNeeded: isCustomerNeeded(session), call)
    var owned = session
    owned["customer"] = JSON(customer?.id)
    var intent = try CheckoutIntent.ready(for: owned, call)
    if intent["customer"] != owned["customer"] {
      intent["customer"] = owned["customer"]
      try call.save(intent)
    }
    // Redeemed before the charge, which would make the customer one who has paid before.
    try CheckoutDiscount(of: session, call)?.redeem(for: owned, call)
    let result = try CheckoutIntent.attempt(intent, with: method, call)
    guard case .succeeded = result.outcome else { throw PageRefusal() }
    owned["payment_intent"] = .string(intent.id)
    return owned
  }

  /// A card is kept for, and an invoice made out to, a customer; else guests may pay.
  private static func isCustomerNeeded(_ session: JSONObject) -> Bool {
    session.object("_data")?["setup_future_usage"] != nil
      || session.object("invoice_creation")?.bool("enabled") == true
  }
}
