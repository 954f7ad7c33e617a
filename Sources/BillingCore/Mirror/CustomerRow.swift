package import Basics
package import Stripe

/// A customer as the mirror keeps it.
package struct CustomerRow: Sendable, Hashable {
  package var id: String
  package var email: String?
  package var name: String?
  package var description: String?
  /// Your own id, found in the metadata.
  package var externalID: String?
  /// Minor units; negative is a credit.
  package var balance: Int64
  package var currency: String?
  package var isDelinquent: Bool
  package var metadata: [String: String]
  package var defaultPaymentMethodID: String?
  package var testClockID: String?
  package var created: Timestamp
  package var isDeleted: Bool

  package init(_ customer: Customer, externalID: String?) {
    id = customer.id
    email = customer.email
    name = customer.name
    description = customer.description
    self.externalID = externalID
    balance = customer.balance
    currency = customer.currency
    isDelinquent = customer.isDelinquent
    metadata = customer.metadata
    defaultPaymentMethodID = customer.defaultPaymentMethodID ?? customer.defaultSourceID
    testClockID = customer.testClockID
    created = customer.created
    isDeleted = customer.isDeleted
  }
}
