/// How many tokens a customer has, and what became of all that it ever got.
package struct TokenBalance: Sendable, Hashable {
  package var customerID: String
  package var balance: Int64 = 0
  package var purchased: Int64 = 0
  package var consumed: Int64 = 0
  package var granted: Int64 = 0
  /// What refunds have taken back.
  package var refunded: Int64 = 0
  /// What has lapsed, also where that is not written down yet.
  package var expired: Int64 = 0

  package init(customerID: String) { self.customerID = customerID }
}
