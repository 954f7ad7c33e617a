import Basics
import Stripe
import Synchronization
import Testing

/// A transport that answers from a script: a request too many fails the test, and so does an
/// answer that was never asked for.
final class ScriptedTransport: Transport {
  typealias Answer = Result<HTTPResponse, TransportError>

  private struct State {
    var answers: [Answer]
    var requests: [HTTPRequest] = []
  }

  private let state: Mutex<State>

  private init(_ answers: [Answer]) { state = Mutex(State(answers: answers)) }

  /// Runs the body and then sees to it that the script was played to its end.
  static func play<Value>(
    _ answers: [Answer], sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (ScriptedTransport) async throws -> Value
  ) async rethrows -> Value {
    let transport = ScriptedTransport(answers)
    let value = try await body(transport)
    let left = transport.state.withLock { $0.answers.count }
    #expect(left == 0, "scripted answers that were never used", sourceLocation: sourceLocation)
    return value
  }

  var requests: [HTTPRequest] { state.withLock { $0.requests } }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    let answer = state.withLock { state in
      state.requests.append(request)
      return state.answers.isEmpty ? nil : state.answers.removeFirst()
    }
    guard let answer else {
      Issue.record("unscripted request: \(request.method.rawValue) \(request.url)")
      throw TransportError(kind: .other, mayHaveReachedServer: false, detail: "unscripted")
    }
    return try answer.get()
  }
}

extension Result where Success == HTTPResponse, Failure == TransportError {
  static func answer(_ status: Int, _ body: String, _ headers: HTTPHeaders = [:]) -> Self {
    .success(HTTPResponse(status: status, headers: headers, body: Array(body.utf8)))
  }

  static func failure(_ kind: TransportError.Kind, sent: Bool) -> Self {
    .failure(TransportError(kind: kind, mayHaveReachedServer: sent, detail: "\(kind)"))
  }

  static func error(_ status: Int, code: String, _ headers: HTTPHeaders = [:]) -> Self {
    .answer(
      status,
      #"{"error":{"type":"invalid_request_error","code":"\#(code)","message":"no"}}"#, headers)
  }
}

/// Collects values from any thread.
final class Recorder<Value: Sendable>: Sendable {
  private let storage = Mutex<[Value]>([])

  func add(_ value: Value) { storage.withLock { $0.append(value) } }

  var values: [Value] { storage.withLock { $0 } }
}
