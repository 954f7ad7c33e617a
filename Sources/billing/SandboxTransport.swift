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
    var headers = HTTPHeaders()
    for (name, value) in answer.headers { headers.append(name, value) }
    return HTTPResponse(status: answer.status, headers: headers, body: answer.body)
  }

  /// Path and query of an absolute URL: what comes after the host.
  static func target(of url: String) -> String? {
    guard url.hasPrefix(baseURL + "/") else { return nil }
    return String(url.dropFirst(baseURL.count))
  }
}
