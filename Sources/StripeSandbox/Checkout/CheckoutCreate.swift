import Basics

/// A new page: `POST /v1/checkout/sessions`.
enum CheckoutCreate {
  static func run(_ call: Call) throws -> JSON {
    try call.accept(
      only: "adaptive_pricing", "after_expiration", "allow_promotion_codes",
      "allowed_payment_method_types", "automatic_tax", "billing_address_collection",
      "branding_settings", "cancel_url", "client_reference_id", "consent_collection", "currency",
      "custom_text", "customer", "customer_creation", "customer_email", "customer_update",
      "discounts", "excluded_payment_method_types", "expires_at", "integration_identifier",
      "invoice_creation", "line_items", "locale", "metadata", "mode", "optional_items",
      "origin_context", "payment_intent_data", "payment_method_collection",
      "payment_method_data", "phone_number_collection", "redirect_on_completion", "return_url",
      "saved_payment_method_options", "setup_intent_data", "submit_type", "subscription_data",
      "success_url", "tax_id_collection", "ui_mode")
    let mode = try CheckoutRules.mode(call)
    try CheckoutRules.check(mode, call)
    var session = CheckoutSessions.template
    session["id"] = .string("cs_test_\(mode == .setup ? "c1" : "a1")\(call.newToken(length: 56))")
    session["created"] = .time(call.now)
    session["mode"] = .string(mode.rawValue)
    session["metadata"] = try call.newMetadata()
    session["expires_at"] = .time(try CheckoutRules.expiry(call))
    try CheckoutAddress.apply(call, to: &session)
    try CheckoutFields.apply(call, mode, to: &session)
    try CheckoutFields.applyCustomer(call, mode, to: &session)
    if mode == .setup {
      try applySetup(call, to: &session)
    } else {
      try applyLines(call, mode, to: &session)
    }
    try call.insert(session)
    return .object(session)
  }

  private static func applyLines(
    _ call: Call, _ mode: CheckoutMode, to session: inout JSONObject
  ) throws {
    let lines = try CheckoutLine.read(call, mode)
    let currency = try CheckoutRules.currency(of: lines, call)
    session["currency"] = .string(currency)
    session["optional_items"] = try CheckoutLine.optional(call, mode, currency: currency)
    let isTrial = try CheckoutSubscription.hasTrial(call)
    session["_items"] = .array(try lines.map { .object(try $0.item(isTrial: isTrial, call)) })
    session["_data"] = .object(try data(call, mode))
    try CheckoutAmounts.apply(to: &session, call)
    if let discount = try CheckoutDiscount.given(session, call) {
      session["discounts"] = [discount.json]
      try CheckoutAmounts.apply(to: &session, call)
    }
    try CheckoutRules.checkTotal(of: session)
  }

  /// What is wanted of the subscription or the payment that the page will make.
  private static func data(_ call: Call, _ mode: CheckoutMode) throws -> JSONObject {
    let name = mode == .payment ? "payment_intent_data" : "subscription_data"
    guard let data = call.object(name) else { return [:] }
    if mode == .subscription { try CheckoutSubscription.check(data, call) }
    if mode == .payment { try CheckoutPayment.check(data) }
    _ = try Metadata.merged([:], with: data["metadata"], parameter: "\(name)[metadata]")
    return data
  }

  private static func applySetup(_ call: Call, to session: inout JSONObject) throws {
    guard let currency = call.string("currency") else {
      throw SandboxError.missingParameter("currency")
    }
    let intent = try CheckoutSetup.intent(call)
    session = session.setting([
      "adaptive_pricing": ["enabled": false],
      "currency": .string(try Currency.checked(currency, parameter: "currency")),
      "discounts": .null, "payment_status": "no_payment_required",
      "saved_payment_method_options": .null, "setup_intent": .string(intent.id),
    ])
  }
}

/// What a page is for.
enum CheckoutMode: String {
  case payment, setup, subscription

  init(of session: JSONObject) { self = .init(rawValue: session.string("mode") ?? "") ?? .payment }
}
