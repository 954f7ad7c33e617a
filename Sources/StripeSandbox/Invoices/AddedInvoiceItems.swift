import Basics

/// `add_invoice_items`: one-time prices that go on the next invoice of a subscription.
enum AddedInvoiceItems {
  static func lines(_ call: Call, subscription: JSONObject) throws -> [InvoiceLine] {
    let given = call.array("add_invoice_items")?.compactMap { $0.object } ?? []
    try call.checkCount("add_invoice_items", atMost: 20)
    return try given.enumerated().map { index, entry in
      let name = { (field: String) in "add_invoice_items[\(index)][\(field)]" }
      for field in ["discounts", "period", "tax_rates"] where entry[field] != nil {
        throw SandboxError.invalid(
          "The sandbox does not offer the parameter \(name(field)) of this operation yet.",
          code: "parameter_unsupported", parameter: name(field))
      }
      let price = try price(entry, name, call)
      let quantity = entry.integer("quantity") ?? 1
      try Call.checkRange(quantity, 0...999_999_999, parameter: name("quantity"))
      let product = try SubscriptionItems.product(of: price, call)
      let period = subscription.listed("items").first.map { SubscriptionItems.period(of: $0) }
      return InvoiceLine(
        amount: try PriceAmount.amount(of: price, quantity: quantity),
        description: product.string("name") ?? "", quantity: quantity, price: price,
        period: period ?? BillingPeriod(start: call.now, end: call.now),
        subscriptionID: subscription.id, isDiscountable: entry.bool("discountable") ?? true,
        metadata: entry.object("metadata") ?? [:])
    }
  }

  /// Stores the first lines of a draft as invoice items, which they are made of.
  static func store(_ draft: inout InvoiceDraft, count: Int, _ call: Call) throws {
    for index in 0..<count {
      let item = try InvoiceItems.add(
        draft.lines[index], customer: draft.customer, to: draft.subscription, call)
      draft.lines[index].invoiceItemID = item.id
      draft.items.append(item)
    }
  }

  private static func price(
    _ entry: JSONObject, _ name: @escaping (String) -> String, _ call: Call
  ) throws -> JSONObject {
    if let data = entry.object("price_data") {
      return try OneTimePrice.made(data, call) { name("price_data][\($0)") }
    }
    guard let id = entry.string("price") else {
      throw SandboxError.missingParameter(name("price"))
    }
    // What a page has sold may have been archived since.
    if entry.bool("_agreed") == true { return try call.required("price", id) }
    return try OneTimePrice.referenced(id, parameter: name("price"), call)
  }
}
