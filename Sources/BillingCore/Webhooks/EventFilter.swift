package import Basics
package import Stripe

/// Which events are meant.
package struct EventFilter: Sendable, Hashable {
  /// Those of these ids; of any where there are none.
  package var ids: [String] = []
  package var status: InboxEvent.Status?
  package var type: EventTypePattern?
  package var customerID: String?
  /// Those that happened then or later, by Stripe's clock.
  package var since: Timestamp?
  /// Those that happened before.
  package var until: Timestamp?
  /// At most so many; all where there is none.
  package var limit: Int?

  package init() {}

  /// Whether an event is meant, apart from its state and from how many there are.
  package func matches(_ event: Event) -> Bool {
    (ids.isEmpty || ids.contains(event.id)) && type?.matches(event.type) ?? true
      && (customerID == nil || customerID == event.customerID)
      && since.map { event.created >= $0 } ?? true && until.map { event.created < $0 } ?? true
  }
}

/// A pattern for the types of events: `invoice.paid`, `customer.subscription.*`, `*.deleted`.
package struct EventTypePattern: Sendable, Hashable {
  package let pattern: String

  /// Nil for what no type of an event could match.
  package init?(_ pattern: String) {
    let isPlain = pattern.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "*"):
        true
      default: false
      }
    }
    guard isPlain, !pattern.isEmpty else { return nil }
    self.pattern = pattern
  }

  package func matches(_ type: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return type == pattern }
    guard type.hasPrefix(parts[0]) else { return false }
    var rest = type.dropFirst(parts[0].count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(parts[parts.count - 1])
  }
}
