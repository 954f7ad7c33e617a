package import Basics

/// One price of a subscription, and how many of it
/// (https://docs.stripe.com/api/subscription_items/object).
package struct SubscriptionItem: Sendable, Hashable {
  package let id: String
  package let price: Price
  /// Nil for a metered price.
  package let quantity: Int64?
  /// Since 2025-03-31.basil; before, the period stands on the subscription.
  package let currentPeriodStart: Timestamp?
  package let currentPeriodEnd: Timestamp?
  package let metadata: [String: String]
  /// Of the item alone; what is for the whole subscription stands there.
  package let taxRateIDs: [String]
  package let discountIDs: [String]

  package init(_ json: JSON) throws(MalformedObject) {
    try self.init(ObjectReader(json, kind: "subscription_item"))
  }

  init(_ fields: ObjectReader) throws(MalformedObject) {
    try fields.requireObject()
    id = try fields.identifier()
    // Versions before 2020-08-27 have only the plan.
    let plan = try fields.optionalObject("plan")
    let price = try fields.optionalObject("price") ?? plan
    self.price = try Price(try fields.required("price", "an object", price))
    quantity = try fields.optionalInteger("quantity")
    currentPeriodStart = try fields.optionalTime("current_period_start")
    currentPeriodEnd = try fields.optionalTime("current_period_end")
    metadata = try fields.metadata()
    taxRateIDs = try fields.ids("tax_rates")
    discountIDs = try fields.ids("discounts")
  }
}
