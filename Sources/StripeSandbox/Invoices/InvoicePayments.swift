import Basics

/// What is paid towards an invoice, and how: `/v1/invoice_payments`.
enum InvoicePayments: Resource {
  static let types = [
    ResourceType(
      "invoice_payment", idPrefix: "inpay",
      indexed: ["invoice", "status", "payment.payment_intent", "payment.type"],
      expandable: [
        "invoice": .reference("invoice"), "payment.payment_intent": .reference("payment_intent"),
      ])
  ]

  static let operations: [Operation] = [
    .get("/v1/invoice_payments", list).since(.basil),
    .get("/v1/invoice_payments/{id}", retrieve).since(.basil),
  ]

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try call.required("invoice_payment"))
  }

  private static func list(_ call: Call) throws -> JSON {
    let payment = call.object("payment")
    return try call.list(
      "invoice_payment",
      matching: [
        "invoice": call["invoice"], "status": call["status"],
        "payment.payment_intent": payment?["payment_intent"], "payment.type": payment?["type"],
      ])
  }

  static func made(for invoice: JSONObject, intent: JSONObject, _ call: Call) -> JSONObject {
    [
      "id": .string(call.newID("inpay", length: 24)), "object": "invoice_payment",
      "amount_paid": .null, "amount_requested": invoice["amount_due"] ?? 0,
      "created": .time(call.now), "currency": invoice["currency"] ?? .null,
      "invoice": .string(invoice.id), "is_default": true, "livemode": false,
      "payment": ["payment_intent": .string(intent.id), "type": "payment_intent"],
      "status": "open", "status_transitions": ["canceled_at": .null, "paid_at": .null],
    ]
  }

  /// The payments of an invoice, newest first.
  static func all(of invoice: JSONObject, _ call: Call) throws -> [JSONObject] {
    try call.all("invoice_payment", where: ["invoice": .string(invoice.id)])
  }

  /// The intent that is to pay an invoice, or has paid it.
  static func intent(of invoice: JSONObject, _ call: Call) throws -> JSONObject? {
    let payment = try all(of: invoice, call).first
    return try payment?.object("payment")?.string("payment_intent")
      .flatMap { try call.find("payment_intent", $0) }
  }

  /// Marks the open payments of an invoice as paid with it.
  static func settle(_ invoice: JSONObject, amount: Int64, _ call: Call) throws {
    for payment in try all(of: invoice, call) where payment.string("status") == "open" {
      let paid = payment.setting(["status": "paid", "amount_paid": .integer(amount)])
        .setting(["paid_at": .time(call.now)], in: "status_transitions")
      try call.become(payment, paid, "invoice_payment.paid")
    }
  }

  /// Gives up the open payments of an invoice, and their intents.
  static func cancel(_ invoice: JSONObject, reason: String, _ call: Call) throws {
    for payment in try all(of: invoice, call) where payment.string("status") == "open" {
      let id = payment.object("payment")?.string("payment_intent") ?? ""
      if let intent = try call.find("payment_intent", id), intent.string("status") != "succeeded" {
        try PaymentIntentCancel.canceled(intent, reason: reason, call)
      }
      let canceled = payment.setting(["status": "canceled"])
        .setting(["canceled_at": .time(call.now)], in: "status_transitions")
      try call.save(canceled)
    }
  }
}
