import Basics

/// What waits for a customer's next invoice: `/v1/invoiceitems`. Prorations are the ones that the
/// sandbox makes.
enum InvoiceItems: Resource {
  static let types = [
    ResourceType(
      "invoiceitem", idPrefix: "ii", indexed: ["customer", "invoice", "_subscription", "_pending"],
      expandable: [
        "customer": .reference("customer"), "invoice": .reference("invoice"),
        "discounts": .reference("discount"),
        "pricing.price_details.price": .reference("price"),
      ])
  ]

  static let operations: [Operation] = [
    .post("/v1/invoiceitems", InvoiceItemEdit.create),
    .get("/v1/invoiceitems", list),
    .get("/v1/invoiceitems/{id}", retrieve),
    .post("/v1/invoiceitems/{id}", InvoiceItemEdit.update),
    .delete("/v1/invoiceitems/{id}", InvoiceItemEdit.delete),
  ]

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try call.required("invoiceitem"))
  }

  private static func list(_ call: Call) throws -> JSON {
    try call.list(
      "invoiceitem",
      matching: [
        "customer": call["customer"], "invoice": call["invoice"], "_pending": call["pending"],
      ])
  }
}

// MARK: Objects

extension InvoiceItems {
  private static let template = JSONObject.template(
    """
    {"id":"","object":"invoiceitem","amount":0,"currency":"usd","customer":"",
    "customer_account":null,"date":0,"description":null,"discountable":false,"discounts":[],
    "frozen_fields":null,"invoice":null,"invoicing_rules":null,"livemode":false,"metadata":{},
    "net_amount":null,"parent":null,"period":null,"pricing":null,"proration":false,
    "proration_details":null,"quantity":1,"quantity_decimal":"1","tax_rates":[],
    "test_clock":null,"_pending":true}
    """)

  /// Stores a line that waits for an invoice: that of a subscription, or the customer's next.
  static func add(
    _ line: InvoiceLine, customer: JSONObject, to subscription: JSONObject?, _ call: Call
  ) throws -> JSONObject {
    try call.create(
      made(line, customer: customer, for: subscription, call), event: "invoiceitem.created")
  }

  /// The item that a line waits as, not stored.
  static func made(
    _ line: InvoiceLine, customer: JSONObject, for subscription: JSONObject?, _ call: Call
  ) -> JSONObject {
    var item = template.setting([
      "id": .string(call.newID("ii", length: 24)), "customer": .string(customer.id),
      "date": .time(call.now), "proration": .bool(line.isProration),
      "proration_details": line.isProration ? details(line) : .null,
      "test_clock": customer["test_clock"] ?? .null,
    ])
    if let subscription {
      item = item.setting([
        "parent": [
          "subscription_details": [
            "subscription": .string(subscription.id),
            "subscription_item": JSON(line.subscriptionItemID),
          ], "type": "subscription_details",
        ], "_subscription": .string(subscription.id),
      ])
    }
    return setting(line, of: item)
  }

  /// The item with what a line says of the thing to be billed.
  static func setting(_ line: InvoiceLine, of item: JSONObject) -> JSONObject {
    item.setting([
      "amount": .integer(line.amount), "currency": line.price["currency"] ?? .null,
      "description": JSON(line.description.isEmpty ? nil : line.description),
      "discountable": .bool(line.isDiscountable), "metadata": .object(line.metadata),
      // Of what can be discounted Stripe does not tell the net amount.
      "net_amount": line.isDiscountable ? .null : .integer(line.amount),
      "period": line.period.json, "pricing": line.pricing, "quantity": .integer(line.quantity),
      "quantity_decimal": .string(String(line.quantity)), "_price": .object(line.price),
    ])
  }

  private static func details(_ line: InvoiceLine) -> JSON {
    guard let credited = line.credited else {
      return ["credited_items": .null, "discount_amounts": []]
    }
    return [
      "credited_items": [
        "invoice_line_item_details": [
          "invoice": .string(credited.invoice), "invoice_line_items": [.string(credited.line)],
        ], "type": "invoice_line_items",
      ], "discount_amounts": [],
    ]
  }

  /// The line that an item becomes on an invoice.
  static func line(_ item: JSONObject) -> InvoiceLine {
    let details = item.object("parent")?.object("subscription_details")
    let period = item.object("period")
    var line = InvoiceLine(
      amount: item.integer("amount") ?? 0, description: item.string("description") ?? "",
      quantity: item.integer("quantity") ?? 1, price: item.object("_price") ?? [:],
      period: BillingPeriod(
        start: period?.timestamp("start") ?? .earliest, end: period?.timestamp("end") ?? .earliest),
      subscriptionID: details?.string("subscription"),
      subscriptionItemID: details?.string("subscription_item"), invoiceItemID: item.id,
      isProration: item.bool("proration") ?? false,
      isDiscountable: item.bool("discountable") ?? false,
      metadata: item.object("metadata") ?? [:], discountIDs: item.strings("discounts"))
    let credited = item.object("proration_details")?.object("credited_items")?
      .object("invoice_line_item_details")
    if let invoice = credited?.string("invoice"),
      let lineID = credited?.strings("invoice_line_items").first
    {
      line.credited = InvoiceLine.Credited(invoice: invoice, line: lineID)
    }
    return line
  }
}

// MARK: Waiting

extension InvoiceItems {
  /// What waits for the next invoice of a subscription, oldest first: its own, and what waits for
  /// whatever invoice of its customer comes next.
  static func pending(of subscription: JSONObject, _ call: Call) throws -> [JSONObject] {
    try pending(
      ofCustomer: subscription.string("customer") ?? "",
      currency: subscription.string("currency") ?? "", call
    ).filter { item in
      item.string("_subscription").map { $0 == subscription.id } ?? true
    }
  }

  /// All that waits for a customer in a currency, oldest first.
  static func pending(
    ofCustomer customer: String, currency: String, _ call: Call
  ) throws -> [JSONObject] {
    try call.all("invoiceitem", where: ["customer": .string(customer), "_pending": true])
      .filter { $0.string("currency") == currency }.reversed()
  }

  /// Notes on which invoice a waiting item came to stand.
  static func settle(_ item: JSONObject, on invoice: String, _ call: Call) throws {
    try call.save(item.setting(["invoice": .string(invoice), "_pending": false]))
  }

  /// Takes an item off its invoice, so that it waits for the next.
  static func unsettle(_ item: JSONObject, _ call: Call) throws {
    try call.save(item.setting(["invoice": .null, "_pending": true, "_isOfInvoice": false]))
  }

  /// Takes back what waits for a subscription, as an immediate cancellation does.
  static func removePending(of subscription: JSONObject, _ call: Call) throws {
    for item in try pending(of: subscription, call)
    where item.string("_subscription") == subscription.id {
      _ = try call.delete(item, event: "invoiceitem.deleted")
    }
  }
}
