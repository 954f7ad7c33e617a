package import Basics

/// Something that became different of a subscription. Whatever follows from a change at Stripe —
/// history, access, notifications — follows from these and not from who told of it.
package struct Transition: Sendable, Hashable {
  package enum Kind: String, Sendable, CaseIterable {
    case created
    case status
    case plan
    case interval
    case quantity
    case trialEnd = "trial_end"
    case cancellation
    case pause
    case pendingChange = "pending_change"
  }

  package let subscriptionID: String
  package let customerID: String
  package let kind: Kind
  package let from: String?
  package let to: String?
  package let at: Timestamp
  package let cause: String?

  package init(
    subscriptionID: String, customerID: String, kind: Kind, from: String?, to: String?,
    at: Timestamp, cause: String?
  ) {
    self.subscriptionID = subscriptionID
    self.customerID = customerID
    self.kind = kind
    self.from = from
    self.to = to
    self.at = at
    self.cause = cause
  }
}

extension Transition {
  /// What became different between two states of one subscription; `old` is nil for a new one.
  static func between(
    _ old: SubscriptionRow?, _ new: SubscriptionRow, at: Timestamp, cause: String?
  ) -> [Transition] {
    let make = { (kind: Kind, from: String?, to: String?) in
      Transition(
        subscriptionID: new.id, customerID: new.customerID, kind: kind, from: from, to: to,
        at: at, cause: cause)
    }
    guard let old else {
      return [make(.created, nil, new.plan ?? new.productID), make(.status, nil, new.status)]
    }
    let facets: [(Kind, (SubscriptionRow) -> String?)] = [
      (.status, { $0.status }),
      (.plan, { $0.plan ?? $0.productID }),
      (.interval, { $0.intervalText }),
      (.quantity, { $0.quantity.map { String($0) } }),
      (.trialEnd, { $0.trialEnd?.iso8601 }),
      (.cancellation, { $0.endsAt?.iso8601 }),
      (.pause, { $0.pauseBehavior }),
    ]
    let hasEnded = ["canceled", "incomplete_expired"].contains(new.status)
    return facets.compactMap { kind, facet in
      guard facet(old) != facet(new) else { return nil }
      // With the end goes what was pending; nobody took it back.
      if hasEnded, facet(new) == nil, kind == .pause || kind == .cancellation { return nil }
      return make(kind, facet(old), facet(new))
    }
  }
}
