/// A change of our own data as it was asked for: under its idempotency key it is made once.
package struct OwnChange: Sendable, Hashable {
  package var command: String
  /// What was asked for in words, the customer by its id among them.
  package var meaning: String
  /// Nil where none was given, and then it is made as often as it is asked for.
  package var key: String?

  package init(_ command: String, meaning: String, key: String?) {
    self.command = command
    self.meaning = meaning
    self.key = key
  }
}
