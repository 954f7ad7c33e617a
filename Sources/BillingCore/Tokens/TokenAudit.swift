/// Whether the ledger of tokens is what it says: balances, sums, credits and payments agree.
package struct TokenAudit: Sendable, Hashable {
  /// What does not agree.
  package struct Difference: Sendable, Hashable {
    package enum Check: String, Sendable, Hashable {
      /// The balance is the sum of the entries.
      case balance
      /// The sum of each kind is the sum of its entries.
      case purchased, consumed, granted, refunded, expired
      /// Each entry's balance is the one before it and its amount.
      case sequence
      /// What is left of the credits is the balance.
      case credits
      /// What was credited for payments is what was sold.
      case payments
    }

    package let customerID: String
    package let check: Check
    package let expected: Int64
    package let found: Int64
  }

  /// A payment of which nobody can tell how many tokens it was for.
  package struct Uncredited: Sendable, Hashable {
    package let payment: String
    package let customerID: String
    package let packageID: String
  }

  package var customers: Int64
  package var entries: Int64
  /// Over all customers, as the entries say it.
  package var totals: TokenBalance
  package var differences: [Difference]
  package var uncredited: [Uncredited]
  /// Tokens that had been used when their payment was refunded.
  package var missed: Int64

  package var isClean: Bool { differences.isEmpty && uncredited.isEmpty }
}
