import Basics

/// The fields of a page that show what was asked for, and whose page it is.
enum CheckoutFields {
  static func apply(_ call: Call, _ mode: CheckoutMode, to session: inout JSONObject) throws {
    for name in [
      "allow_promotion_codes", "allowed_payment_method_types", "billing_address_collection",
      "client_reference_id", "excluded_payment_method_types", "integration_identifier", "locale",
      "origin_context", "submit_type",
    ] {
      if let value = call[name] { session[name] = value }
    }
    for name in ["adaptive_pricing", "branding_settings", "saved_payment_method_options"] {
      for (key, value) in call.object(name) ?? [:] {
        session = session.setting([key: value == "" ? .null : value], in: name)
      }
    }
    for (key, value) in call.object("custom_text") ?? [:] where value != "" {
      session = session.setting([key: value], in: "custom_text")
    }
    if let consent = call.object("consent_collection") {
      session["consent_collection"] = [
        "payment_method_reuse_agreement": consent["payment_method_reuse_agreement"] ?? .null,
        "promotions": consent["promotions"] ?? .null,
        "terms_of_service": consent["terms_of_service"] ?? .null,
      ]
    }
    if let recovery = call.object("after_expiration")?.object("recovery") {
      session["after_expiration"] = [
        "recovery": [
          "allow_promotion_codes": recovery["allow_promotion_codes"] ?? false,
          "enabled": recovery["enabled"] ?? false, "expires_at": .null, "url": .null,
        ]
      ]
    }
    let collection = call.string("payment_method_collection")
    session["payment_method_collection"] = .string(
      collection ?? (mode == .payment ? "if_required" : "always"))
    session["_redisplay"] = call.object("payment_method_data")?["allow_redisplay"] ?? .null
    if mode == .payment { session["invoice_creation"] = try invoiceCreation(call) }
  }

  private static func invoiceCreation(_ call: Call) throws -> JSON {
    let given = call.object("invoice_creation") ?? [:]
    let data = given.object("invoice_data") ?? [:]
    if given.bool("enabled") == true { throw CheckoutRules.unbuilt("invoice_creation[enabled]") }
    for name in ["account_tax_ids", "issuer", "rendering_options"] where data[name] != nil {
      throw CheckoutRules.unbuilt("invoice_creation[invoice_data][\(name)]")
    }
    return [
      "enabled": given["enabled"] ?? false,
      "invoice_data": [
        "account_tax_ids": .null,
        "custom_fields": data["custom_fields"]?.array.map { .array($0) } ?? .null,
        "description": data["description"] ?? .null, "footer": data["footer"] ?? .null,
        "issuer": .null,
        "metadata": try Metadata.merged(
          [:], with: data["metadata"], parameter: "invoice_creation[invoice_data][metadata]"),
        "rendering_options": .null,
      ],
    ]
  }

  // MARK: The customer

  static func applyCustomer(
    _ call: Call, _ mode: CheckoutMode, to session: inout JSONObject
  ) throws {
    session["_customer_update"] = .object(call.object("customer_update") ?? [:])
    guard let id = call.string("customer") else {
      session["customer_creation"] =
        call["customer_creation"] ?? (mode == .subscription ? "always" : "if_required")
      session["customer_email"] = call["customer_email"] ?? .null
      if let email = call["customer_email"] {
        session["customer_details"] = details(email: email, mode)
      }
      return
    }
    let customer = try Customers.referenced(id, call)
    session["customer"] = .string(customer.id)
    session["customer_details"] = details(email: customer["email"] ?? .null, mode)
  }

  /// What the page knows of its customer before anything is typed on it.
  private static func details(email: JSON, _ mode: CheckoutMode) -> JSON {
    [
      "address": .null, "business_name": .null, "email": email, "individual_name": .null,
      "name": .null, "phone": .null, "tax_exempt": mode == .setup ? .null : "none",
      "tax_ids": .null,
    ]
  }
}
