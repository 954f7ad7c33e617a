import Basics

/// One thing that happened to a customer: an entry of `customer timeline`.
struct TimelineEntry: Hashable {
  /// What kind of thing, in the order in which several of one second are shown.
  enum Kind: String, CaseIterable {
    case operation, event, invoice, payment, refund, change, tokens, note
  }

  let at: Timestamp
  let kind: Kind
  let summary: String
  let objectID: String?
  /// The operation or the event that it came by.
  let cause: String?
  /// Who did it: of an operation the person; `stripe` for what happens by itself; `api` for
  /// another program.
  let actor: String?

  var json: JSON {
    [
      "at": JSON(at), "kind": .string(kind.rawValue), "summary": .string(summary),
      "object_id": JSON(objectID), "cause": JSON(cause), "actor": JSON(actor),
    ]
  }

  static let keys = ["at", "kind", "summary", "object_id", "cause", "actor"]

  static let columns = [
    Column.time("AT", "at"), Column("KIND", "kind"), Column.sentence("WHAT", "summary"),
    Column("BY", "actor"), Column.id("CAUSE", "cause").leaving(1),
  ]
}
