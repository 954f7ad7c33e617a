package import Basics

/// One line of an invoice (https://docs.stripe.com/api/invoice-line-item/object), in both layouts.
package struct InvoiceLine: Sendable, Hashable {
  package let id: String
  package let description: String?
  /// In minor units, before discounts and taxes.
  package let amount: Int64
  package let currency: String
  package let quantity: Int64?
  package let isProration: Bool
  package let periodStart: Timestamp
  package let periodEnd: Timestamp
  package let priceID: String?
  package let subscriptionID: String?
  package let subscriptionItemID: String?

  package init(_ json: JSON) throws(MalformedObject) {
    try self.init(ObjectReader(json, kind: "line_item"))
  }

  init(_ fields: ObjectReader) throws(MalformedObject) {
    try fields.requireObject()
    id = try fields.identifier()
    description = try fields.optionalText("description")
    amount = try fields.integer("amount")
    currency = try fields.identifier("currency")
    quantity = try fields.optionalInteger("quantity")
    let period = try fields.object("period")
    periodStart = try period.time("start")
    periodEnd = try period.time("end")

    let parent = try Self.parent(of: fields) ?? fields
    isProration = try parent.optionalFlag("proration") ?? false
    subscriptionID = try parent.optionalReference("subscription")
    subscriptionItemID = try parent.optionalReference("subscription_item")
    let pricing = try fields.optionalObject("pricing")?.optionalObject("price_details")
    let plan = try fields.optionalReference("plan")
    let legacyPrice = try fields.optionalReference("price") ?? plan
    priceID = try pricing?.optionalReference("price") ?? legacyPrice
  }

  /// The part of `parent` that its `type` names.
  private static func parent(of fields: ObjectReader) throws(MalformedObject) -> ObjectReader? {
    guard let parent = try fields.optionalObject("parent") else { return nil }
    return try parent.optionalObject(try parent.identifier("type"))
  }
}
