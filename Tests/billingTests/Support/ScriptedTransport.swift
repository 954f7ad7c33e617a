import Basics
import Stripe
import Synchronization

/// Answers that were written down beforehand, in their order; what was asked is kept. A request
/// beyond the script is not answered, and a test that looks at `rest` sees what was never asked.
final class ScriptedTransport: Transport {
  enum Answer: Sendable {
    case response(Int, String, HTTPHeaders)
    case failure(TransportError)

    static func json(_ body: String, status: Int = 200) -> Answer {
      .response(status, body, ["Content-Type": "application/json", "Request-Id": "req_1"])
    }
  }

  private let script: Mutex<[Answer]>
  private let seen = Mutex<[HTTPRequest]>([])

  init(_ script: [Answer]) { self.script = Mutex(script) }

  var requests: [HTTPRequest] { seen.withLock { $0 } }
  var rest: Int { script.withLock { $0.count } }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    seen.withLock { $0.append(request) }
    let answer = script.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    switch answer {
    case .response(let status, let body, let headers)?:
      return HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
    case .failure(let error)?: throw error
    case nil:
      throw TransportError(
        kind: .other, mayHaveReachedServer: false,
        detail: "unscripted \(request.method.rawValue) \(request.url)")
    }
  }
}
