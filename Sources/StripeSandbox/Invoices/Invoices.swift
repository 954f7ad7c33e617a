import Basics

/// Bills: `/v1/invoices`. How one is made, finalised, paid and voided stands in a file each.
enum Invoices: Resource {
  static let types = [
    ResourceType(
      "invoice", idPrefix: "in",
      indexed: ["customer", "status", "collection_method", "_subscription"],
      expandable: [
        "customer": .reference("customer"), "discounts": .reference("discount"),
        "default_payment_method": .reference("payment_method"),
        "parent.subscription_details.subscription": .reference("subscription"),
        "total_discount_amounts.discount": .reference("discount"),
        "lines": .embedded("line_item"),
        "payments": .computed("invoice_payment") { call, invoice in
          .list(
            try InvoicePayments.all(of: invoice, call), url: "/v1/invoices/payments",
            isCounted: false)
        },
        "confirmation_secret": .computed(nil, confirmationSecret),
      ], due: InvoiceDue.due),
    ResourceType(
      "line_item", idPrefix: "il",
      expandable: [
        "discounts": .reference("discount"), "discount_amounts.discount": .reference("discount"),
        "pricing.price_details.price": .reference("price"),
        "subscription": .reference("subscription"),
      ]),
  ]

  static let operations: [Operation] = [
    .post("/v1/invoices", InvoiceCreate.run),
    .get("/v1/invoices", list),
    .post("/v1/invoices/create_preview", InvoicePreview.run),
    UpcomingInvoice.operation, UpcomingInvoice.lines,
    .get("/v1/invoices/{id}", retrieve),
    .post("/v1/invoices/{id}", InvoiceUpdate.run),
    .delete("/v1/invoices/{id}", InvoiceUpdate.delete),
    .get("/v1/invoices/{id}/lines", lines),
    .post("/v1/invoices/{id}/lines/{id}", InvoiceLineEdit.update),
    .post("/v1/invoices/{id}/add_lines", InvoiceLineEdit.add),
    .post("/v1/invoices/{id}/update_lines", InvoiceLineEdit.updateMany),
    .post("/v1/invoices/{id}/remove_lines", InvoiceLineEdit.remove),
    .post("/v1/invoices/{id}/send", InvoiceUpdate.send),
    .post("/v1/invoices/{id}/finalize", InvoiceFinalize.run),
    .post("/v1/invoices/{id}/pay", InvoicePay.run),
    .post("/v1/invoices/{id}/void", InvoiceVoid.void),
    .post("/v1/invoices/{id}/mark_uncollectible", InvoiceVoid.markUncollectible),
  ]

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try call.required("invoice"))
  }

  private static func list(_ call: Call) throws -> JSON {
    let filters: [String: JSON?] = [
      "customer": call["customer"], "status": call["status"],
      "collection_method": call["collection_method"], "_subscription": call["subscription"],
    ]
    guard call.has("due_date") else { return try call.list("invoice", matching: filters) }
    let conditions = filters.compactMap { key, value in value.map { (key, [$0]) } }
    var query = ObjectQuery(type: "invoice", conditions: conditions)
    query.created = try call.createdRange()
    query.includesClocks = call.clock != nil
    let found = try call.store.objects(query).filter {
      Subscriptions.lies($0.integer("due_date"), in: call["due_date"])
    }
    return try call.page(of: found)
  }

  private static func lines(_ call: Call) throws -> JSON {
    try call.page(of: try call.required("invoice").listed("lines"))
  }

  @Sendable private static func confirmationSecret(
    _ call: Call, _ invoice: JSONObject
  ) throws -> JSON {
    guard let intent = try InvoicePayments.intent(of: invoice, call) else { return .null }
    return ["client_secret": intent["client_secret"] ?? .null, "type": "payment_intent"]
  }

  /// The id of the subscription that an invoice is for.
  static func subscriptionID(of invoice: JSONObject) -> String? {
    invoice.object("parent")?.object("subscription_details")?.string("subscription")
  }
}
