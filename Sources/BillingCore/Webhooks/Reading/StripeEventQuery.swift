package import Basics
import Stripe

/// Which of Stripe's events are asked for. What Stripe cannot be asked is filtered here.
package struct StripeEventQuery: Sendable, Hashable {
  /// Events are listed for 30 days (https://docs.stripe.com/api/events).
  package static let keptSeconds: Int64 = 30 * 86_400

  package var filter: EventFilter
  /// Only those that an endpoint has not got.
  package var areUndelivered: Bool
  /// Whether what was processed before is applied again.
  package var isForced: Bool

  package init(_ filter: EventFilter, areUndelivered: Bool, isForced: Bool) {
    self.filter = filter
    self.areUndelivered = areUndelivered
    self.isForced = isForced
  }

  func parameters(from start: Timestamp?, before end: Timestamp?) -> JSONObject {
    var parameters = JSONObject()
    var created = JSONObject()
    if let start { created["gte"] = .integer(start.seconds) }
    if let end { created["lt"] = .integer(end.seconds) }
    if !created.isEmpty { parameters["created"] = .object(created) }
    if let type = filter.type?.pattern, !type.contains("*") {
      parameters["types"] = [.string(type)]
    }
    if areUndelivered { parameters["delivery_success"] = false }
    return parameters
  }

  /// The name under which it is kept how far one got with it: the same for every time at which it
  /// is asked, since what is relative to now moves.
  var cursorName: String {
    let words: JSON = [
      .array(filter.ids.sorted().map { .string($0) }), JSON(filter.type?.pattern),
      JSON(filter.customerID), .bool(areUndelivered), .bool(isForced),
    ]
    return "events of Stripe \(words.compact)"
  }
}

/// How far an earlier run got with the same question and was stopped: all events between two
/// moments are taken.
package struct StripeEventProgress: Sendable, Hashable {
  /// Nil for as far back as there was something.
  let start: Timestamp?
  package let taken: Timestamp

  /// Nil where no run was stopped.
  package static func load(
    _ query: StripeEventQuery, in transaction: Transaction
  ) throws -> StripeEventProgress? {
    let words = try transaction.cursor(query.cursorName)?.split(separator: " ") ?? []
    guard words.count == 2, let taken = Int64(words[1]) else { return nil }
    return StripeEventProgress(
      start: Int64(words[0]).map { Timestamp($0) }, taken: Timestamp(taken))
  }

  /// Whether what a run wants begins where the stopped one had begun, or later.
  func covers(_ wanted: Timestamp?) -> Bool {
    guard let wanted else { return start == nil }
    return wanted < taken && start.map { $0 <= wanted } ?? true
  }

  var text: String { "\(start.map { "\($0.seconds)" } ?? "-") \(taken.seconds)" }
}
