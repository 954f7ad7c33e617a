package import Basics

/// A page on which a customer pays (https://docs.stripe.com/api/checkout/sessions/object).
package struct CheckoutSession: Sendable, Hashable {
  package let id: String
  package let customerID: String?
  /// `payment`, `setup` or `subscription`.
  package let mode: String
  /// `open`, `complete` or `expired`.
  package let status: String
  /// Where the customer pays; nil once the page is no longer open.
  package let url: String?
  package let expiresAt: Timestamp?
  /// What is due on the page, in minor units.
  package let amountTotal: Int64?
  package let currency: String?
  /// The subscription that the customer has bought.
  package let subscriptionID: String?
  package let metadata: [String: String]

  package init(_ json: JSON) throws(MalformedObject) {
    let fields = try ObjectReader(json, kind: "checkout.session")
    id = try fields.identifier()
    customerID = try fields.optionalReference("customer")
    mode = try fields.identifier("mode")
    status = try fields.identifier("status")
    url = try fields.optionalText("url")
    expiresAt = try fields.optionalTime("expires_at")
    amountTotal = try fields.optionalInteger("amount_total")
    currency = try fields.optionalText("currency")
    subscriptionID = try fields.optionalReference("subscription")
    metadata = try fields.metadata()
  }

  package var isOpen: Bool { status == "open" }
}
