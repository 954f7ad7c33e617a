import Basics

/// One thing that an invoice charges or credits, before it has an id.
struct InvoiceLine {
  var amount: Int64
  /// Empty for none.
  var description: String
  var quantity: Int64
  var price: JSONObject
  var period: BillingPeriod
  var subscriptionID: String?
  /// nil for lines that come from an invoice item of their own.
  var subscriptionItemID: String?
  var invoiceItemID: String?
  var isProration = false
  var isDiscountable = true
  /// The line, and its invoice, whose money a credit gives back.
  var credited: Credited?
  var metadata = JSONObject()
  /// The discounts that this line has of its own.
  var discountIDs: [String] = []

  struct Credited: Hashable {
    var invoice: String
    var line: String
  }

  private static let template = JSONObject.template(
    """
    {"id":"","object":"line_item","amount":0,"currency":"usd","description":null,
    "discount_amounts":[],"discountable":true,"discounts":[],"invoice":null,"livemode":false,
    "metadata":{},"parent":null,"period":null,"pretax_credit_amounts":[],"pricing":null,
    "quantity":1,"quantity_decimal":"1","subscription":null,"subtotal":0,"taxes":[]}
    """)

  /// The line of an invoice, before its discounts are worked out.
  func json(id: String, invoice: String) -> JSONObject {
    Self.template.setting([
      "id": .string(id), "amount": .integer(amount), "currency": price["currency"] ?? .null,
      "description": JSON(description.isEmpty ? nil : description),
      "discountable": .bool(isDiscountable), "discounts": .array(discountIDs.map { .string($0) }),
      "invoice": .string(invoice), "metadata": .object(metadata), "parent": parent,
      "period": period.json, "pricing": pricing, "quantity": .integer(quantity),
      "quantity_decimal": .string(String(quantity)), "subscription": JSON(subscriptionID),
      "subtotal": .integer(amount),
    ])
  }

  /// The price and, but for prorations, what one unit costs.
  var pricing: JSON {
    var each = price["unit_amount_decimal"] ?? .null
    if isProration { each = .null } else if amount == 0 { each = "0" }
    return [
      "price_details": ["price": .string(price.id), "product": price["product"] ?? .null],
      "type": "price_details",
      "unit_amount_decimal": each,
    ]
  }

  private var parent: JSON {
    var details: JSONObject = [
      "invoice_item": JSON(invoiceItemID), "proration": .bool(isProration),
      "proration_details": ["credited_items": creditedItems],
      "subscription": JSON(subscriptionID),
    ]
    guard let subscriptionItemID else {
      return [
        "invoice_item_details": .object(details), "subscription_item_details": .null,
        "type": "invoice_item_details",
      ]
    }
    details["subscription_item"] = .string(subscriptionItemID)
    return [
      "invoice_item_details": .null, "subscription_item_details": .object(details),
      "type": "subscription_item_details",
    ]
  }

  private var creditedItems: JSON {
    guard let credited else { return .null }
    return [
      "invoice": .string(credited.invoice), "invoice_line_items": [.string(credited.line)],
    ]
  }
}
