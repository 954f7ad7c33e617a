import Basics

/// What was taken from a card, or tried to: `/v1/charges`.
enum Charges: Resource {
  static let types = [
    ResourceType(
      "charge", idPrefix: "ch", indexed: ["customer", "payment_intent", "transfer_group"],
      expandable: [
        "customer": .reference("customer"), "payment_intent": .reference("payment_intent"),
        "balance_transaction": .reference("balance_transaction"),
        "refunds": .computed("refund") { call, charge in
          .list(
            try Refunds.all(of: charge, call), url: "/v1/charges/\(charge.id)/refunds")
        },
      ])
  ]

  static let operations: [Operation] = [
    .get("/v1/charges", list),
    .get("/v1/charges/{id}", retrieve),
  ]

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try call.required("charge"))
  }

  private static func list(_ call: Call) throws -> JSON {
    try call.list(
      "charge",
      matching: [
        "customer": call["customer"], "payment_intent": call["payment_intent"],
        "transfer_group": call["transfer_group"],
      ])
  }

  private static let template = JSONObject.template(
    """
    {"id":"","object":"charge","amount":0,"amount_captured":0,"amount_refunded":0,
    "application":null,"application_fee":null,"application_fee_amount":null,
    "authorization_code":null,"balance_transaction":null,"billing_details":{},
    "calculated_statement_descriptor":"SANDBOX","captured":true,"created":0,"currency":"usd",
    "customer":null,"description":null,"disputed":false,"failure_balance_transaction":null,
    "failure_code":null,"failure_message":null,
    "fraud_details":{"stripe_report":null,"user_report":null},"level3":null,"livemode":false,
    "metadata":{},"on_behalf_of":null,"outcome":{"advice_code":null,"network_advice_code":null,
    "network_decline_code":null,"network_status":"approved_by_network","reason":null,
    "risk_level":"normal","risk_score":20,"rule":null,"seller_message":"Payment complete.",
    "type":"authorized"},"paid":true,"payment_intent":null,"payment_method":null,
    "payment_method_details":null,"presentment_details":null,"radar_options":{"session":null},
    "receipt_email":null,"receipt_number":null,"receipt_url":null,"refunded":false,"review":null,
    "shipping":null,"source":null,"source_transfer":null,"statement_descriptor":null,
    "statement_descriptor_suffix":null,"status":"succeeded","transfer":null,"transfer_data":null,
    "transfer_group":null}
    """)

  /// The charge of an attempt to pay; a failed one where a decline is given.
  static func made(
    for intent: JSONObject, with method: JSONObject, decline: CardDecline?, _ call: Call
  ) -> JSONObject {
    let id = call.newID("ch", length: 24)
    let amount = intent["amount"] ?? 0
    let isHeld = intent.string("capture_method") == "manual"
    let charge = template.setting([
      "id": .string(id), "amount": amount,
      "amount_captured": decline == nil && !isHeld ? amount : 0, "captured": .bool(!isHeld),
      "billing_details": method["billing_details"] ?? .null, "created": .time(call.now),
      "currency": intent["currency"] ?? .null, "customer": intent["customer"] ?? .null,
      "description": intent["description"] ?? .null, "metadata": intent["metadata"] ?? [:],
      "payment_intent": .string(intent.id), "payment_method": .string(method.id),
      "payment_method_details": [
        "card": details(
          of: method, intent: intent, isApproved: decline == nil,
          heldSince: isHeld ? call.now : nil),
        "type": "card",
      ],
      "receipt_email": intent["receipt_email"] ?? .null,
      "shipping": intent["shipping"] ?? .null,
      "statement_descriptor": intent["statement_descriptor"] ?? .null,
      "statement_descriptor_suffix": intent["statement_descriptor_suffix"] ?? .null,
      "transfer_group": intent["transfer_group"] ?? .null,
    ])
    guard let decline else {
      let url = "https://pay.stripe.com/receipts/payment/\(call.newToken(length: 24))"
      return charge.setting(["receipt_url": .string(url)])
    }
    let failed = charge.setting([
      "captured": false, "paid": false, "status": "failed",
      "failure_code": .string(decline.code), "failure_message": .string(decline.message),
    ])
    return failed.setting(
      [
        "advice_code": JSON(decline.advice), "network_decline_code": JSON(decline.networkCode),
        "network_status": "declined_by_network", "reason": JSON(decline.declineCode),
        "seller_message": .string(
          "The bank returned the decline code `\(decline.declineCode ?? "")`."),
        "type": "issuer_declined",
      ], in: "outcome")
  }

  /// How long an amount that is only authorised is held.
  static let captureSeconds: Int64 = 7 * 86_400

  private static func details(
    of method: JSONObject, intent: JSONObject, isApproved: Bool, heldSince moment: Timestamp?
  ) -> JSON {
    var details = JSONObject.template(
      """
      {"amount_authorized":0,"authorization_code":null,"brand":null,"capture_before":null,
      "checks":null,"country":null,"description":null,"electronic_commerce_indicator":null,
      "exp_month":0,"exp_year":0,"extended_authorization":{"status":"disabled"},
      "fingerprint":null,"funding":null,"iin":null,
      "incremental_authorization":{"status":"unavailable"},"installments":null,"issuer":null,
      "last4":null,"mandate":null,"moto":null,"multicapture":{"status":"unavailable"},
      "network":null,"network_token":{"used":false},"network_transaction_id":null,
      "overcapture":{"maximum_amount_capturable":0,"status":"unavailable"},
      "regulated_status":"unregulated","three_d_secure":null,"wallet":null}
      """)
    let card = method.object("card") ?? [:]
    for key in [
      "brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4",
    ] { details[key] = card[key] ?? .null }
    details["network"] = card["brand"] ?? .null
    if isApproved {
      details["authorization_code"] = "472009"
      details["network_transaction_id"] = "119528868122817"
    }
    details["capture_before"] = .time(moment.map { $0 + captureSeconds })
    details["amount_authorized"] = intent["amount"] ?? 0
    details = details.setting(
      ["maximum_amount_capturable": intent["amount"] ?? 0], in: "overcapture")
    return .object(details)
  }
}
