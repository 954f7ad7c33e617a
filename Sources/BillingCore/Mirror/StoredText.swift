import Basics

/// What the mirror has of an object, not yet read: most tellings are seen to be news without.
struct StoredText: Sendable {
  let id: String
  /// Nil where the event that told it keeps it.
  let text: String?
  let asOf: Timestamp
  /// Whether an event told it; else a response or a page.
  let isFromEvent: Bool
  /// The event or operation that told it.
  let cause: String?
  /// Whether nothing can come after it; nil where that has not been written down.
  let hasEnded: Bool?
  /// Whether it is a guess, so that it has to be read again.
  let isInDoubt: Bool

  /// Whether a telling is news for its age alone.
  func isOvertaken(by snapshot: Snapshot) -> Bool {
    // A test clock tells by its own time how old it is.
    hasEnded == false && snapshot.asOf > asOf && snapshot.type != "test_helpers.test_clock"
  }
}
