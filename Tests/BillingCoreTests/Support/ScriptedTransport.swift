import Basics
import Stripe
import Synchronization
import Testing

/// A server of which a test says, request by request, what it answers. A request that was not
/// expected fails the test, and so does an answer that was never asked for (`finish`).
final class ScriptedTransport: Transport {
  enum Answer: Sendable {
    case json(JSON, status: Int = 200, headers: [String: String] = [:])
    case text(String, status: Int)
    case failure(TransportError)
  }

  struct Exchange: Sendable {
    let request: String
    let answer: Answer
  }

  private struct State {
    var expected: [Exchange]
    var seen: [HTTPRequest] = []
  }

  private let state: Mutex<State>
  private let date: Timestamp

  /// Each exchange is `POST /v1/customers` and its answer, in the order in which they are to come.
  init(_ expected: [(String, Answer)], date: Timestamp = noon) {
    state = Mutex(
      State(expected: expected.map { Exchange(request: $0.0, answer: $0.1) }))
    self.date = date
  }

  var seen: [HTTPRequest] { state.withLock { $0.seen } }

  func finish() {
    let left = state.withLock { $0.expected.map { $0.request } }
    #expect(left.isEmpty, "answers that were never asked for")
  }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    let path = String(request.url.dropFirst("https://api.stripe.com".count))
    let words = "\(request.method.rawValue) \(path)"
    let answer = state.withLock { state -> Answer? in
      state.seen.append(request)
      guard state.expected.first?.request == words else { return nil }
      return state.expected.removeFirst().answer
    }
    guard let answer else {
      Issue.record("an unexpected request: \(words)")
      throw TransportError(kind: .other, mayHaveReachedServer: false, detail: "unscripted")
    }
    switch answer {
    case .failure(let error): throw error
    case .json(let json, let status, let headers):
      return response(status, Array(json.compact.utf8), headers)
    case .text(let text, let status): return response(status, Array(text.utf8), [:])
    }
  }

  private func response(
    _ status: Int, _ body: [UInt8], _ extra: [String: String]
  ) -> HTTPResponse {
    var headers: HTTPHeaders = ["Date": date.httpDate, "Request-Id": "req_1"]
    for (name, value) in extra { headers[name] = value }
    return HTTPResponse(status: status, headers: headers, body: body)
  }
}

extension TransportError {
  static let cut = TransportError(
    kind: .cut, mayHaveReachedServer: true, detail: "connection closed")
  static let refused = TransportError(
    kind: .refused, mayHaveReachedServer: false, detail: "connection refused")
}
