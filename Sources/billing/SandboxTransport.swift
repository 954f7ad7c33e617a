import Basics
import Stripe
import StripeSandbox

/// Joins the client and the sandbox in one process: no socket, no server, the same bytes.
struct SandboxTransport: Transport {
  /// The key with which the client speaks to the sandbox; no secret.
  static let key = "sk_test_sandbox"
  /// Never looked up; loopback, so that plain http is allowed.
  static let baseURL = "http://127.0.0.1"

  let sandbox: Sandbox

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    guard let target = Self.target(of: request.url) else {
      throw TransportError(kind: .badURL, mayHaveReachedServer: false, detail: request.url)
    }
    let answer = sandbox.respond(
      to: SandboxRequest(
        method: request.method.rawValue, target: target,
        headers: request.headers.fields.map { (name: $0.name, value: $0.value) },
        body: request.body))
    try await Self.carry(answer.delivery, timeoutSeconds: request.timeoutSeconds)
    var headers = HTTPHeaders()
    for (name, value) in answer.headers { headers.append(name, value) }
    return HTTPResponse(status: answer.status, headers: headers, body: answer.body)
  }

  /// Plays what a fault does to the way of an answer. An answer that would not come before the
  /// request's timeout is given up at once: nobody gains by the wait.
  private static func carry(
    _ delivery: SandboxResponse.Delivery, timeoutSeconds: Double
  ) async throws(TransportError) {
    switch delivery {
    case .whole: return
    case .delayed(let seconds) where Double(seconds) < timeoutSeconds:
      do {
        try await Task.sleep(for: .seconds(seconds))
      } catch {
        throw lost(.canceled, "the request was canceled")
      }
    case .delayed, .unanswered: throw lost(.timeout, "no answer came in time")
    case .dropped: throw lost(.cut, "the connection was closed without an answer")
    case .truncated: throw lost(.cut, "the connection was closed in the middle of the answer")
    }
  }

  /// From here a request always reaches the sandbox, as far as the client can tell.
  private static func lost(_ kind: TransportError.Kind, _ detail: String) -> TransportError {
    TransportError(kind: kind, mayHaveReachedServer: true, detail: detail)
  }

  /// Path and query of an absolute URL: what comes after the host.
  static func target(of url: String) -> String? {
    guard url.hasPrefix(baseURL + "/") else { return nil }
    return String(url.dropFirst(baseURL.count))
  }
}
