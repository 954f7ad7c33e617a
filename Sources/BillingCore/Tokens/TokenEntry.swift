package import Basics

/// One line of a customer's ledger: what was added to its tokens, or taken. It is never changed.
package struct TokenEntry: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case purchased, granted, consumed, refunded, expired
  }

  /// Nil for a lapse that is due and that nobody has written down yet.
  package let id: Int64?
  package let customerID: String
  package let kind: Kind
  /// Below zero for what was taken.
  package let amount: Int64
  package let balanceAfter: Int64
  /// By what it is known outside: your own name for it, or the payment at Stripe.
  package let reference: String
  package let note: String?
  /// Who did it; `stripe` for what a payment or a refund brought about.
  package let actor: String
  package let created: Timestamp
}

/// What somebody wants to be added to a customer's tokens, or taken from them.
package struct TokenRequest: Sendable, Hashable {
  package var customerID: String
  /// Above zero, whichever way it goes.
  package var amount: Int64
  /// Your own name for it, of which a customer has each once: asked for again, it is not done again.
  package var reference: String
  package var note: String?
  package var actor: String
  /// The key of the whole command, where one was given.
  package var key: String?

  package init(
    customerID: String, amount: Int64, reference: String, note: String? = nil, actor: String,
    key: String? = nil
  ) {
    precondition(amount > 0, "an entry of the ledger moves something")
    self.customerID = customerID
    self.amount = amount
    self.reference = reference
    self.note = note
    self.actor = actor
    self.key = key
  }

  /// The most that is asked for at once: as much as the largest package has.
  package static let maximumAmount: Int64 = 1_000_000_000_000
  package static let maximumReference = 200
}
