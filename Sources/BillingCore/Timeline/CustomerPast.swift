package import Basics
package import Stripe

/// All that is known of what happened to one customer, each kind oldest first.
package struct CustomerPast: Sendable {
  /// An object of the mirror, with the operation or the event that told of it.
  package struct Told: Sendable {
    package let object: JSON
    package let cause: String?

    package init(object: JSON, cause: String?) {
      self.object = object
      self.cause = cause
    }
  }

  package let operations: [BillingOperation]
  package let events: [Event]
  package let invoices: [Told]
  package let refunds: [Told]
  package let changes: [Transition]
  package let grants: [OwnEntitlement]
  /// What became of the customer's tokens, but for what was consumed.
  package let tokens: [TokenEntry]
  private let causes: [String: BillingOperation]

  package init(
    operations: [BillingOperation], events: [Event], invoices: [Told], refunds: [Told],
    changes: [Transition], grants: [OwnEntitlement], tokens: [TokenEntry]
  ) {
    self.operations = operations
    self.events = events
    self.invoices = invoices
    self.refunds = refunds
    self.changes = changes
    self.grants = grants
    self.tokens = tokens
    causes = Self.causes(of: events, among: operations)
  }

  /// The operation that made an event happen; nil for what Stripe or another program did.
  package func operation(behind event: Event) -> BillingOperation? { causes[event.id] }

  /// An event tells the key of the request that caused it. A DELETE has none: it is known by what
  /// it ended, and the other events of its request by the request.
  private static func causes(
    of events: [Event], among operations: [BillingOperation]
  ) -> [String: BillingOperation] {
    let byKey = Dictionary(operations.map { ($0.key.text, $0) }, uniquingKeysWith: { $1 })
    var byRequest: [String: BillingOperation] = [:]
    for event in events {
      guard let request = event.requestID else { continue }
      if let key = event.requestIdempotencyKey {
        byRequest[request] = byKey[key] ?? byKey[Self.withoutStep(key)]
      } else if let ended = operations.last(where: { $0.deletes(event.object["id"]?.string) }) {
        byRequest[request] = ended
      }
    }
    return events.reduce(into: [:]) { $0[$1.id] = $1.requestID.flatMap { byRequest[$0] } }
  }

  /// `KEY` of `KEY:2` and `KEY:undo1`.
  private static func withoutStep(_ key: String) -> String {
    key.lastIndex(of: ":").map { String(key[..<$0]) } ?? key
  }
}

extension BillingOperation {
  /// Whether a step of it ended that object.
  fileprivate func deletes(_ id: String?) -> Bool {
    guard let id else { return false }
    return steps.contains { $0.method == .delete && $0.path.contains(.string(id)) }
  }
}
