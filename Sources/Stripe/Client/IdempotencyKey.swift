private import Basics

/// A key under which Stripe executes a write once: 1 to 255 printable ASCII characters
/// (https://docs.stripe.com/api/idempotent_requests).
package struct IdempotencyKey: Sendable, Hashable {
  package static let maximumLength = 255

  package let text: String

  /// Nil for a text that is empty, too long, or has what a header could not carry.
  package init?(_ text: String) {
    guard (1...Self.maximumLength).contains(text.utf8.count),
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return nil }
    self.text = text
  }

  private init(unchecked text: String) { self.text = text }

  /// A key that no other request has: 190 random bits.
  package static func random() -> IdempotencyKey {
    IdempotencyKey(unchecked: Random.token(length: 32))
  }
}

extension IdempotencyKey: CustomStringConvertible {
  package var description: String { text }
}
