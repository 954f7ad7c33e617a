package import Basics

/// A stop of selling: who ordered it, when and why, and who lifted it.
package struct Freeze: Sendable, Hashable {
  /// What is not sold.
  package enum Scope: String, Sendable, Hashable, CaseIterable {
    case subscriptions, tokens
  }

  /// An order to freeze or to lift a freeze.
  package struct Order: Sendable, Hashable {
    package var at: Timestamp
    /// `BILLING_ACTOR`, else user@host.
    package var actor: String
    package var reason: String?

    package init(at: Timestamp, actor: String, reason: String?) {
      self.at = at
      self.actor = actor
      self.reason = reason
    }
  }

  package let scope: Scope
  package let frozen: Order
  /// Nil while it holds.
  package let lifted: Order?

  package init(scope: Scope, frozen: Order, lifted: Order? = nil) {
    self.scope = scope
    self.frozen = frozen
    self.lifted = lifted
  }

  /// Why nothing is sold.
  package struct Refusal: Error, Sendable, Hashable {
    package let freeze: Freeze

    package init(freeze: Freeze) { self.freeze = freeze }
  }
}

extension Store {
  /// Throws `Freeze.Refusal` while nothing of this may be sold.
  package func requireSale(of scope: Freeze.Scope) throws {
    if let freeze = try read({ try $0.freeze(of: scope) }) { throw Freeze.Refusal(freeze: freeze) }
  }
}
