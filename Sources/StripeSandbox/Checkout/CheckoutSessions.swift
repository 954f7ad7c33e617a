import Basics

/// Pages on which customers pay: `/v1/checkout/sessions`. How one is made, ends and is paid on
/// stands in a file each.
enum CheckoutSessions: Resource {
  static let types = [
    ResourceType(
      "checkout.session", idPrefix: "cs_test",
      indexed: ["customer", "customer_details.email", "payment_intent", "status", "subscription"],
      expandable: [
        "customer": .reference("customer"), "discounts.coupon": .reference("coupon"),
        "discounts.promotion_code": .reference("promotion_code"),
        "invoice": .reference("invoice"),
        "line_items": .computed("item") { _, session in
          .list(session.objects("_items"), url: "/v1/checkout/sessions/\(session.id)/line_items")
        },
        "payment_intent": .reference("payment_intent"),
        "setup_intent": .reference("setup_intent"), "subscription": .reference("subscription"),
        "total_details.breakdown": .hidden,
      ], due: CheckoutExpiry.due),
    ResourceType(
      "item", idPrefix: "li",
      expandable: ["discounts": .hidden, "price": .embedded("price"), "taxes": .hidden]),
  ]

  static let operations: [Operation] = [
    .post("/v1/checkout/sessions", CheckoutCreate.run),
    .get("/v1/checkout/sessions", list),
    .get("/v1/checkout/sessions/{id}", retrieve),
    .post("/v1/checkout/sessions/{id}", update),
    .get("/v1/checkout/sessions/{id}/line_items", lineItems),
    .post("/v1/checkout/sessions/{id}/expire", CheckoutExpiry.run),
    .own(
      "POST", "/sandbox/checkout/sessions/{id}/complete",
      parameters: [
        "card": .string, "email": .string, "name": .string, "promotion_code": .string,
      ], returns: "checkout.session", CheckoutComplete.run),
  ]

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try call.required("checkout.session"))
  }

  private static func list(_ call: Call) throws -> JSON {
    try call.accept(
      only: "created", "customer", "customer_details", "payment_intent", "status", "subscription",
      "limit", "starting_after", "ending_before")
    return try call.list(
      "checkout.session",
      matching: [
        "customer": call["customer"],
        "customer_details.email": call.object("customer_details")?["email"],
        "payment_intent": call["payment_intent"], "status": call["status"],
        "subscription": call["subscription"],
      ])
  }

  /// Changes what the customer does not see; Stripe makes no event for it.
  private static func update(_ call: Call) throws -> JSON {
    try call.accept(only: "metadata")
    let session = try call.required("checkout.session")
    let changed = session.setting(["metadata": try call.mergedMetadata(of: session)])
    try call.save(changed)
    return .object(changed)
  }

  private static func lineItems(_ call: Call) throws -> JSON {
    try call.page(of: try call.required("checkout.session").objects("_items"))
  }

  static let template = JSONObject.template(
    """
    {"id":"","object":"checkout.session","adaptive_pricing":{"enabled":true},
    "after_expiration":null,"allow_promotion_codes":null,"allowed_payment_method_types":null,
    "amount_subtotal":null,"amount_total":null,
    "automatic_tax":{"enabled":false,"liability":null,"provider":null,"status":null},
    "billing_address_collection":null,
    "branding_settings":{"background_color":"#ffffff","border_style":"rounded",
    "button_color":"#0074d4","display_name":"Sandbox","font_family":"default","icon":null,
    "logo":null},"cancel_url":null,"client_reference_id":null,"client_secret":null,
    "collected_information":{"business_name":null,"individual_name":null,
    "shipping_details":null},"consent":null,"consent_collection":null,"created":0,
    "currency":null,"currency_conversion":null,"custom_fields":[],
    "custom_text":{"after_submit":null,"shipping_address":null,"submit":null,
    "terms_of_service_acceptance":null},"customer":null,"customer_account":null,
    "customer_creation":null,"customer_details":null,"customer_email":null,"discounts":[],
    "excluded_payment_method_types":null,"expires_at":0,"integration_identifier":null,
    "invoice":null,"invoice_creation":null,"livemode":false,"locale":null,
    "managed_payments":null,"metadata":{},"mode":"payment","name_collection":null,
    "optional_items":null,"origin_context":null,"payment_intent":null,"payment_link":null,
    "payment_method_collection":"always","payment_method_configuration_details":null,
    "payment_method_options":{"card":{"request_three_d_secure":"automatic"}},
    "payment_method_types":["card"],"payment_status":"unpaid","permissions":null,
    "phone_number_collection":{"enabled":false},"presentment_details":null,
    "recovered_from":null,"redirect_on_completion":null,"return_url":null,
    "saved_payment_method_options":{"allow_redisplay_filters":["always"],
    "payment_method_remove":"disabled","payment_method_save":null},"setup_intent":null,
    "shipping_address_collection":null,"shipping_cost":null,"shipping_options":[],
    "status":"open","submit_type":null,"subscription":null,"success_url":null,
    "tax_id_collection":null,"total_details":null,"ui_mode":"hosted_page","url":null,
    "wallet_options":null,"_items":[],"_intent":null}
    """)
}
