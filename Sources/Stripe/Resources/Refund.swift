package import Basics

/// Money given back (https://docs.stripe.com/api/refunds/object).
package struct Refund: Sendable, Hashable {
  package let id: String
  /// In minor units.
  package let amount: Int64
  package let currency: String
  /// `succeeded`, `pending`, `requires_action`, `failed` or `canceled`.
  package let status: String
  package let reason: String?
  package let chargeID: String?
  package let paymentIntentID: String?
  /// Old versions do not tell.
  package let customerID: String?
  package let created: Timestamp
  package let metadata: [String: String]

  package init(_ json: JSON) throws(MalformedObject) {
    let fields = try ObjectReader(json, kind: "refund")
    id = try fields.identifier()
    amount = try fields.integer("amount")
    currency = try fields.identifier("currency")
    status = try fields.optionalText("status") ?? "pending"
    reason = try fields.optionalText("reason")
    chargeID = try fields.optionalReference("charge")
    paymentIntentID = try fields.optionalReference("payment_intent")
    customerID = try fields.optionalReference("customer")
    created = try fields.time("created")
    metadata = try fields.metadata()
  }

  /// Whether the money left or is about to leave.
  package var counts: Bool { status != "failed" && status != "canceled" }
}
