package import Basics

/// A bill that was tried to be collected, and is still owed.
package struct DunningCase: Sendable, Hashable {
  package var invoiceID: String
  package var number: String?
  package var customerID: String?
  /// The customer's, where the mirror knows them.
  package var name: String?
  package var email: String?
  package var amountRemaining: Int64
  package var currency: String
  package var attempts: Int64
  package var created: Timestamp
  /// Nil where Stripe will not try again by itself.
  package var nextAttempt: Timestamp?
  /// Why a payment of this customer failed last, since the bill was made; nil where nobody said.
  package var decline: DeclineCode?
}

/// The bills that are owed after a payment failed.
package struct DunningList: Sendable, Hashable {
  /// Some bills one by one, and what all of their kind come to.
  package struct Part: Sendable, Hashable {
    package var cases: [DunningCase] = []
    package var count: Int64 = 0
    /// By currency.
    package var sums: [String: Int64] = [:]
  }

  /// What Stripe tries again, the next first.
  package var tried = Part()
  /// What it does not try any more, the newest first.
  package var givenUp = Part()

  package init() {}
}
