import Basics

/// What the mirror has of an object, not yet read: most tellings are seen to be news without.
struct StoredText: Sendable {
  let text: String
  let asOf: Timestamp
  /// Whether an event told it; else a response or a page.
  let isFromEvent: Bool
  /// The event or operation that told it.
  let cause: String?
  /// Whether nothing can come after it; nil where that has not been written down.
  let hasEnded: Bool?

  func parsed() throws -> Freshness.Stored {
    Freshness.Stored(
      json: try JSON(parsing: text), asOf: asOf, isFromEvent: isFromEvent, cause: cause)
  }

  /// The answer of `Freshness.of`, at the least expense.
  func freshness(of entry: MirrorEntry) throws -> Freshness {
    if text == entry.text { return .known }
    // A test clock tells by its own time how old it is.
    if hasEnded == false, entry.snapshot.asOf > asOf,
      entry.snapshot.type != "test_helpers.test_clock"
    {
      return .news
    }
    return Freshness.of(entry.snapshot, json: entry.json, against: try parsed())
  }
}
