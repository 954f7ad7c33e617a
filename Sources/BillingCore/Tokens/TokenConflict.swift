/// Why an entry cannot be made as things stand.
package enum TokenConflict: Error, Sendable, Hashable {
  /// The reference stands for something else.
  case referenceTaken(by: TokenEntry)
  /// No balance is that large.
  case tooMany(customerID: String, balance: Int64)
}

/// A customer has fewer tokens than are asked for.
package struct TokenShortage: Error, Sendable, Hashable {
  package let customerID: String
  package let asked: Int64
  package let balance: Int64

  package init(customerID: String, asked: Int64, balance: Int64) {
    self.customerID = customerID
    self.asked = asked
    self.balance = balance
  }

  package var missing: Int64 { asked - balance }
}
