import Basics

/// An invoice before it is issued: its lines and whom they are for, and the object made of them.
struct InvoiceDraft {
  var customer: JSONObject
  /// nil for what is billed besides all subscriptions.
  var subscription: JSONObject?
  var lines: [InvoiceLine]
  /// `subscription_create`, `subscription_update`, `subscription_cycle`, `manual` …
  var reason: String
  var period: BillingPeriod
  /// The ids of the discounts that may count. Without any the customer's own counts.
  var discountIDs: [String] = []
  /// The id, where others name the invoice before it is made.
  var id: String?

  /// The invoice items that become lines of it.
  var items: [JSONObject] = []
  /// nil for that of the subscription, else the customer's.
  var currency: String?
  /// Whether the customer's discount counts where there is no other.
  var inheritsDiscount = true
}

extension InvoiceDraft {
  /// Stores what was made of the draft and says so.
  func store(_ invoice: JSONObject, _ call: Call) throws -> JSONObject {
    try call.create(invoice, event: "invoice.created")
    for item in items { try InvoiceItems.settle(item, on: invoice.id, call) }
    return invoice
  }

  /// The draft, not stored.
  func made(_ call: Call) throws -> JSONObject {
    let id = self.id ?? call.newID("in", length: 24)
    let inherited = inheritsDiscount ? customer.object("discount")?.id : nil
    let ids = discountIDs.isEmpty ? inherited.map { [$0] } ?? [] : discountIDs
    let running = try Discounts.running(ids, at: call.now, call).map { $0.discount.id }
    let shown = lines.map { $0.json(id: call.newID("il", length: 24), invoice: id) }
    let currency =
      currency ?? subscription?.string("currency") ?? customer.string("currency") ?? "usd"
    var invoice = Self.template.setting([
      "id": .string(id), "billing_reason": .string(reason),
      "collection_method": subscription?["collection_method"] ?? "charge_automatically",
      "created": .time(call.now), "currency": .string(currency),
      "customer": .string(customer.id), "discounts": .array(running.map { .string($0) }),
      "lines": .list(shown, url: "/v1/invoices/\(id)/lines"),
      "period_end": .time(period.end), "period_start": .time(period.start),
      "webhooks_delivered_at": .time(call.now), "_subscription": JSON(subscription?.id),
      "_days_until_due": subscription?["days_until_due"] ?? .null,
    ])
    fillParties(&invoice)
    return try InvoiceTotals.filled(invoice, customer: customer, call)
  }

  /// What an invoice copies of its customer and subscription.
  private func fillParties(_ invoice: inout JSONObject) {
    for name in ["address", "email", "name", "phone", "shipping", "tax_exempt"] {
      invoice["customer_\(name)"] = customer[name] ?? .null
    }
    invoice["test_clock"] = customer["test_clock"] ?? .null
    invoice["default_payment_method"] = .null
    invoice["footer"] = customer.object("invoice_settings")?["footer"] ?? .null
    invoice["custom_fields"] = customer.object("invoice_settings")?["custom_fields"] ?? .null
    guard let subscription else { return }
    invoice["description"] = subscription.object("invoice_settings")?["description"] ?? .null
    invoice["parent"] = [
      "quote_details": .null,
      "subscription_details": [
        "metadata": subscription["metadata"] ?? [:], "subscription": .string(subscription.id),
        "subscription_proration_date": .null,
      ], "type": "subscription_details",
    ]
  }

  private static let template = JSONObject.template(
    """
    {"id":"","object":"invoice","account_country":"US","account_name":"Sandbox",
    "account_tax_ids":null,"amount_due":0,"amount_overpaid":0,"amount_paid":0,
    "amount_paid_off_stripe":0,"amount_remaining":0,"amount_shipping":0,"application":null,
    "attempt_count":0,"attempted":false,"auto_advance":true,
    "automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null,"provider":null,
    "status":null},"automatically_finalizes_at":null,"billing_reason":null,
    "collection_method":"charge_automatically","created":0,"currency":"usd","custom_fields":null,
    "customer":null,"customer_account":null,"customer_address":null,"customer_email":null,
    "customer_name":null,"customer_phone":null,"customer_shipping":null,
    "customer_tax_exempt":"none","customer_tax_ids":[],"default_payment_method":null,
    "default_source":null,"default_tax_rates":[],"description":null,"discounts":[],
    "due_date":null,"effective_at":null,"ending_balance":null,"footer":null,"from_invoice":null,
    "hosted_invoice_url":null,"invoice_pdf":null,"issuer":{"account":null,"type":"self"},
    "last_finalization_error":null,"latest_revision":null,"lines":null,"livemode":false,
    "metadata":{},"next_payment_attempt":null,"number":null,"on_behalf_of":null,"parent":null,
    "payment_settings":{"default_mandate":null,"payment_method_options":null,
    "payment_method_types":null},"period_end":0,"period_start":0,
    "post_payment_credit_notes_amount":0,"pre_payment_credit_notes_amount":0,
    "receipt_number":null,"rendering":null,"shipping_cost":null,"shipping_details":null,
    "starting_balance":0,"statement_descriptor":null,"status":"draft","status_details":null,
    "status_transitions":{"finalized_at":null,"marked_uncollectible_at":null,"paid_at":null,
    "voided_at":null},"subtotal":0,"subtotal_excluding_tax":0,"test_clock":null,
    "threshold_reason":null,"total":0,"total_discount_amounts":[],"total_excluding_tax":0,
    "total_pretax_credit_amounts":[],"total_taxes":[],"webhooks_delivered_at":null}
    """)
}
