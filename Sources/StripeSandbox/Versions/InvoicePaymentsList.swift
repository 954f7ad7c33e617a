import Basics

/// Basil: an invoice has a list of payments; before, it had one payment intent and its charge, and
/// these named the invoice.
enum InvoicePaymentsList {
  static let change = VersionChange(
    since: .basil,
    objects: [
      "invoice": { invoice, call in
        let intent = try InvoicePayments.intent(of: invoice, call)
        let isPaid = invoice.string("status") == "paid"
        invoice["payment_intent"] = JSON(intent?.id)
        invoice["charge"] = intent?["latest_charge"] ?? .null
        invoice["paid"] = .bool(isPaid)
        invoice["paid_out_of_band"] = .bool(
          isPaid && invoice.integer("amount_paid_off_stripe") ?? 0 > 0)
      },
      "payment_intent": { intent, _ in intent["invoice"] = intent["_invoice"] ?? .null },
      "charge": { charge, call in
        let intent = try charge.string("payment_intent").flatMap {
          try call.find("payment_intent", $0)
        }
        charge["invoice"] = intent?["_invoice"] ?? .null
      },
    ],
    expandable: [
      "invoice": [
        "payment_intent": .reference("payment_intent"), "charge": .reference("charge"),
      ],
      "payment_intent": ["invoice": .reference("invoice")],
      "charge": ["invoice": .reference("invoice")],
    ],
    added: [
      "invoice": [
        "payments", "confirmation_secret", "amount_overpaid", "amount_paid_off_stripe",
        "status_details",
      ]
    ])
}
