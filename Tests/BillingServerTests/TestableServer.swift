import BillingServer
import Stripe
import Testing

/// A server that a test can run.
protocol TestableServer: Sendable {
  func run(onReady: @escaping @Sendable (String, Int) async -> Void) async throws
}

extension SandboxServer: TestableServer {}
extension WebhookListener: TestableServer {}

extension TestableServer {
  /// Runs around the body of a test, which is told the port, and waits for the end.
  func running(_ body: (Int) async throws -> Void) async throws {
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    let running = Task {
      defer { continuation.finish() }
      try await run { host, port in
        #expect(host == "127.0.0.1")
        continuation.yield(port)
      }
    }
    var iterator = ports.makeAsyncIterator()
    do {
      if let port = await iterator.next() { try await body(port) }
    } catch {
      running.cancel()
      throw error
    }
    running.cancel()
    try await running.value
  }
}

/// A client of a server on this machine.
struct ServerClient {
  let port: Int
  var timeoutSeconds = 60.0
  private let transport = CurlTransport()

  init(port: Int, timeoutSeconds: Double = 60) {
    self.port = port
    self.timeoutSeconds = timeoutSeconds
  }

  func get(_ target: String) async throws(TransportError) -> HTTPResponse {
    try await send(.get, target, "")
  }

  @discardableResult
  func post(_ target: String, _ body: String) async throws(TransportError) -> HTTPResponse {
    try await send(.post, target, body)
  }

  private func send(
    _ method: HTTPMethod, _ target: String, _ body: String
  ) async throws(TransportError) -> HTTPResponse {
    try await transport.send(
      HTTPRequest(
        method: method, url: "http://127.0.0.1:\(port)\(target)",
        headers: ["Authorization": "Bearer sk_test_x"], body: Array(body.utf8),
        timeoutSeconds: timeoutSeconds))
  }
}
