package import Basics

/// Who is billed (https://docs.stripe.com/api/customers/object).
package struct Customer: Sendable, Hashable {
  package let id: String
  package let email: String?
  package let name: String?
  package let description: String?
  /// In minor units; below zero it is credit that lowers the next invoice.
  package let balance: Int64
  /// The currency of its invoices; nil until the first one.
  package let currency: String?
  package let isDelinquent: Bool
  package let metadata: [String: String]
  /// The epoch where the customer is deleted: nothing but its id is left then.
  package let created: Timestamp
  package let isDeleted: Bool
  package let defaultPaymentMethodID: String?
  package let defaultSourceID: String?
  package let testClockID: String?
  package let isLive: Bool

  package init(_ json: JSON) throws(MalformedObject) {
    let fields = try ObjectReader(json, kind: "customer")
    id = try fields.identifier()
    isDeleted = try fields.optionalFlag("deleted") ?? false
    email = try fields.optionalText("email")
    name = try fields.optionalText("name")
    description = try fields.optionalText("description")
    balance = try fields.optionalInteger("balance") ?? 0
    currency = try fields.optionalText("currency")
    isDelinquent = try fields.optionalFlag("delinquent") ?? false
    metadata = try fields.metadata()
    created = isDeleted ? Timestamp(0) : try fields.time("created")
    defaultPaymentMethodID =
      try fields.optionalObject("invoice_settings")?.optionalReference("default_payment_method")
    defaultSourceID = try fields.optionalReference("default_source")
    testClockID = try fields.optionalReference("test_clock")
    isLive = try fields.optionalFlag("livemode") ?? false
  }
}
