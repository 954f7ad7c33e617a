import Basics
import Foundation

/// What of a new page goes together, in Stripe's words.
enum CheckoutRules {
  static func mode(_ call: Call) throws -> CheckoutMode {
    guard let text = call.string("mode") else {
      guard !call.has("line_items") else {
        throw SandboxError.invalid(
          "You must provide `mode` when using prices.", code: "parameter_missing",
          parameter: "mode")
      }
      throw SandboxError.missingParameter("mode")
    }
    guard let mode = CheckoutMode(rawValue: text) else { throw SandboxError.unexpected }
    return mode
  }

  /// The parameters that only some modes know.
  private static let modes: KeyValuePairs<String, [CheckoutMode]> = [
    "line_items": [.payment, .subscription], "optional_items": [.payment, .subscription],
    "discounts": [.payment, .subscription],
    "allow_promotion_codes": [.payment, .subscription],
    "invoice_creation": [.payment], "payment_intent_data": [.payment],
    "subscription_data": [.subscription], "setup_intent_data": [.setup],
    "submit_type": [.payment, .subscription],
    "saved_payment_method_options": [.payment, .subscription],
  ]

  static func check(_ mode: CheckoutMode, _ call: Call) throws {
    for (name, known) in modes where call.has(name) && !known.contains(mode) {
      throw SandboxError.invalid(
        "You can not pass `\(name)` in `\(mode.rawValue)` mode.", parameter: name)
    }
    if mode == .subscription, call.has("customer_creation") {
      throw only("customer_creation", in: .payment)
    }
    if mode != .subscription, call.has("payment_method_collection") {
      throw only("payment_method_collection", in: .subscription)
    }
    if mode != .setup, !call.has("line_items") { throw SandboxError.missingParameter("line_items") }
    try call.checkExclusive("customer", "customer_email")
    try call.checkExclusive("customer", "customer_creation")
    try call.checkExclusive("allow_promotion_codes", "discounts")
    if call.has("customer_update"), !call.has("customer") {
      throw SandboxError.invalid(
        "`customer_update` can only be used with `customer`.", parameter: "customer_update")
    }
    try call.checkLength("client_reference_id", atMost: 200)
    try call.checkCount("discounts", atMost: 1)
    try call.checkCount("optional_items", atMost: 10)
    try checkSubmitType(mode, call)
    try refuseUnbuilt(call)
  }

  private static func only(_ name: String, in mode: CheckoutMode) -> SandboxError {
    .invalid("`\(name)` can only be used in `\(mode.rawValue)` mode.", parameter: name)
  }

  private static func checkSubmitType(_ mode: CheckoutMode, _ call: Call) throws {
    guard let type = call.string("submit_type"), type != "auto" else { return }
    guard (type == "subscribe") == (mode == .subscription) else {
      throw SandboxError.invalid(
        "You can not pass `submit_type: \(type)` in `\(mode.rawValue)` mode.",
        parameter: "submit_type")
    }
  }

  /// What can be switched off but not on.
  private static func refuseUnbuilt(_ call: Call) throws {
    for name in ["automatic_tax", "tax_id_collection", "phone_number_collection"]
    where call.object(name)?.bool("enabled") == true {
      throw unbuilt("\(name)[enabled]")
    }
    for (name, isFault) in [
      ("allowed_payment_method_types", false), ("excluded_payment_method_types", true),
    ]
    where call.array(name).map({ $0.contains("card") == isFault }) ?? false {
      throw SandboxError.invalid(
        "The sandbox knows cards only: a Checkout Session must allow them.", parameter: name)
    }
  }

  static func unbuilt(_ name: String) -> SandboxError {
    .invalid(
      "The sandbox does not offer the parameter \(name) of this operation yet.",
      code: "parameter_unsupported", parameter: name)
  }

  /// From half an hour to a day ahead; a day unless something is said.
  static func expiry(_ call: Call) throws -> Timestamp {
    guard let moment = call.timestamp("expires_at") else { return call.now + 86_400 }
    guard moment >= call.now + 1800 else {
      throw SandboxError.invalid(
        """
        The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.
        """, parameter: "expires_at")
    }
    guard moment <= call.now + 86_400 else {
      throw SandboxError.invalid(
        "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
        parameter: "expires_at")
    }
    return moment
  }

  /// The one currency of all lines.
  static func currency(of lines: [CheckoutLine], _ call: Call) throws -> String {
    let currencies = lines.map { $0.price.string("currency") ?? "" }
    guard let first = currencies.first else { throw SandboxError.missingParameter("line_items") }
    if let other = currencies.firstIndex(where: { $0 != first }) {
      throw SandboxError.invalid(
        """
        Checkout does not support multiple prices with different currencies: found \(first) and \
        \(currencies[other]).
        """, parameter: "line_items[\(other)]")
    }
    if let wanted = call.string("currency")?.lowercased(), wanted != first {
      throw SandboxError.invalid(
        "The price specified does not support the currency \(wanted).", parameter: "currency")
    }
    return first
  }

  /// Nothing, or as much as a card can be charged.
  static func checkTotal(of session: JSONObject) throws {
    let (total, currency) = (session.integer("amount_total") ?? 0, session.string("currency") ?? "")
    try Money.checkCharge(total, currency: currency, parameter: "line_items")
    let least = ChargeLimits.minimum(currency)
    guard total > 0, total < least else { return }
    let text = PriceText.amount(Decimal(least), currency: currency)
    throw SandboxError.invalid(
      "The Checkout Session's total amount due must add up to at least \(text) \(currency)",
      code: "amount_too_small", parameter: "line_items")
  }
}
