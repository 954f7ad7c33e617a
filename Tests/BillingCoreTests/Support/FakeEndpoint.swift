import Basics
import Stripe
import Synchronization

/// An application's endpoint: takes every event, but for those of which a test says otherwise.
final class FakeEndpoint: Transport {
  enum Answer: Sendable {
    case status(Int, retryAfter: String? = nil)
    case failure(TransportError.Kind)
  }

  private struct State {
    var answers: [String: [Answer]]
    var rest: Answer
    var seen: [HTTPRequest] = []
  }

  private let state: Mutex<State>

  /// - Parameter answers: of an event by its id, one after another; the last one for good.
  /// - Parameter rest: of all other events.
  init(_ answers: [String: [Answer]] = [:], rest: Answer = .status(200)) {
    state = Mutex(State(answers: answers, rest: rest))
  }

  var seen: [HTTPRequest] { state.withLock { $0.seen } }
  /// The ids of the events in the order in which they came.
  var events: [String] { seen.map { Self.id(of: $0) } }

  /// From now on all is well.
  func recover() { state.withLock { ($0.answers, $0.rest) = ([:], .status(200)) } }
  func forget() { state.withLock { $0.seen = [] } }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    let answer = state.withLock { state -> Answer in
      state.seen.append(request)
      let id = Self.id(of: request)
      guard let first = state.answers[id]?.first else { return state.rest }
      if (state.answers[id]?.count ?? 0) > 1 { state.answers[id]?.removeFirst() }
      return first
    }
    switch answer {
    case .status(let status, let retryAfter):
      var response = HTTPResponse(status: status)
      response.headers["Retry-After"] = retryAfter
      return response
    case .failure(let kind):
      throw TransportError(kind: kind, mayHaveReachedServer: false, detail: "it is \(kind)")
    }
  }

  private static func id(of request: HTTPRequest) -> String {
    (try? JSON(parsing: request.body))?["id"]?.string ?? "-"
  }
}
