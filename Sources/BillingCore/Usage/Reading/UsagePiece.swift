import Basics

/// Some lines of a file, as their writer wants them: in the order of their ids, since each id is
/// looked up in one index, whose pages are then gone through once, one after the other.
package struct UsagePiece: Sendable {
  /// What was read.
  package let bytes: [UInt8]
  /// The line that names the columns; nil for JSON lines.
  package let header: [UInt8]?
  /// The lines that say something, by their ids; of one id the first in the file first.
  let lines: [UsageLine]
  /// The id of each of these lines.
  let ids: PackedTexts
  /// Where each of these lines stands among them, in the order of the file.
  let fileOrder: [Int32]
  /// The requests that lines speak of.
  let requests: [UsageEvent.Request]
  /// The lines that cannot be taken, whatever is written down.
  let refused: [RefusedUsageLine]
  /// What was numbered after what earlier pieces speak of.
  let newSubjects: [UsageSubject]
}

/// What a line of usage says, before anyone has looked for its customer and meter. It holds nothing
/// that is counted by reference: there are many, and they are passed on often.
struct UsageLine: Sendable {
  /// As editors count.
  let number: Int
  /// Where it stands in the piece.
  let place: Range<Int>
  /// The number of whose use of what it is.
  let subject: Int
  let quantity: Int64
  /// Nil for now.
  let at: Timestamp?
  /// Which of the piece's requests it was.
  let request: Int32?
  /// Whether its id stands in an earlier line of the piece.
  var repeatsID = false
}

/// A line that says nothing that can be taken.
struct RefusedUsageLine: Sendable {
  let number: Int
  let place: Range<Int>
  let refusal: UsageRefusal
}

/// Whose use of what a line speaks of, as the file names them.
struct UsageSubject: Sendable, Hashable {
  let customer: String
  let meterID: String
}

/// What a line of usage says, as it was read.
struct UsageDraft: Sendable, Hashable {
  var id = ""
  var customer = ""
  var meterID = ""
  var quantity: Int64 = 0
  /// Nil for now.
  var at: Timestamp?
  var request = UsageEvent.Request()
}

/// Why a line of usage cannot be taken.
package struct UsageRefusal: Error, Sendable, Hashable {
  package let reason: String
  /// Whether the line must not be shown or kept anywhere.
  package let isSecret: Bool

  init(_ reason: String, isSecret: Bool = false) {
    (self.reason, self.isSecret) = (reason, isSecret)
  }
}

/// A file is not what it should be, so that nothing more can be read from it.
package struct UnreadableUsage: Error, Sendable, Hashable {
  package let name: String
  package let line: Int
  package let reason: String
}
