/// A request as it came over the wire, or as the embedding program would have sent it.
package struct SandboxRequest: Sendable {
  package var method: String
  /// Path and query, still encoded: `/v1/customers?limit=3`.
  package var target: String
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]

  package init(
    method: String, target: String, headers: [(name: String, value: String)] = [],
    body: [UInt8] = []
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
  }
}

package struct SandboxResponse: Sendable {
  package var status: Int
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]
  package var delivery = Delivery.whole

  package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// How an answer gets to the caller; all but `whole` are faults that were asked for. Whoever
  /// carries the answer acts on it.
  package enum Delivery: Sendable, Hashable {
    case whole
    /// All of it, but later.
    case delayed(seconds: Int)
    /// Nothing for so long that the caller gives up; then the connection ends.
    case unanswered(seconds: Int)
    /// The connection ends without an answer.
    case dropped
    /// The head and so many bytes of the body; then the connection ends.
    case truncated(bytes: Int)
  }
}

/// An event that happened, in the order in which it happened.
package struct SandboxEvent: Sendable {
  /// 1, 2, 3 …: without gaps, in the order of the transactions.
  package let sequence: Int64
  /// The event object as JSON text.
  package let body: [UInt8]

  package init(sequence: Int64, body: [UInt8]) {
    self.sequence = sequence
    self.body = body
  }
}
