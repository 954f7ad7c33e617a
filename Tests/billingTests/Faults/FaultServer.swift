import Basics
import Foundation
import StripeSandbox
import Synchronization

/// A Stripe on a free port of this machine that can be told to fail: a sandbox behind a socket, with
/// a script of faults. Threads of its own serve it, so a test may wait for a process meanwhile.
final class FaultServer: Sendable {
  struct Request: Sendable, Hashable {
    /// `POST /v1/customers`, without the query.
    let endpoint: String
    let key: String?
  }

  private struct State {
    var rules: [Rule] = []
    var requests: [Request] = []
    /// Keys under which a 500 is saved.
    var savedFailures: Set<String> = []
    var keepsConnections = false
  }

  /// What happens to one request: the first that a rule matches takes it away.
  private struct Rule {
    let endpoint: String
    let action: Action
    var remaining: Int
  }

  enum Action: Sendable {
    case fault(Fault)
    /// Waits at the gate before or after the request is executed, and then cuts the connection.
    case hold(Gate, isExecuted: Bool)
    /// Executes the request and waits at the gate before it answers.
    case delay(Gate)
  }

  let sandbox: Sandbox
  let port: UInt16
  private let listener: Int32
  private let state = Mutex(State())

  init() throws {
    sandbox = try Sandbox(Sandbox.Configuration(path: nil))
    (listener, port) = try Self.listen()
    let thread = Thread { [listener, weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        guard let self else {
          close(connection)
          return
        }
        Thread { self.serve(connection) }.start()
      }
    }
    thread.start()
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// Lets the next requests to an endpoint (`POST /v1/customers`, or a beginning of it with `*`) go
  /// wrong.
  func inject(_ fault: Fault, on endpoint: String, times: Int = 1) {
    inject(.fault(fault), on: endpoint, times: times)
  }

  func inject(_ action: Action, on endpoint: String, times: Int = 1) {
    state.withLock {
      $0.rules.append(Rule(endpoint: endpoint, action: action, remaining: times))
    }
  }

  /// From now on a connection serves one request after another. Without, none is ever used twice, so
  /// that libcurl sends nothing anew by itself.
  func keepConnections() { state.withLock { $0.keepsConnections = true } }

  var requests: [Request] { state.withLock { $0.requests } }

  func requests(to endpoint: String) -> [Request] { requests.filter { $0.endpoint == endpoint } }

  /// What was asked to be changed.
  var writes: [Request] { requests.filter { !$0.endpoint.hasPrefix("GET ") } }

  // MARK: Serving

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    let stream = FaultStream(
      descriptor: connection, keepsAlive: state.withLock { $0.keepsConnections })
    while let request = stream.readRequest() {
      guard answer(request, on: stream), state.withLock({ $0.keepsConnections }) else { return }
    }
  }

  /// False where the connection is to be cut.
  private func answer(_ request: SandboxRequest, on stream: FaultStream) -> Bool {
    let key = request.headers.first { $0.name.lowercased() == "idempotency-key" }?.value
    let path = String(request.target.prefix { $0 != "?" })
    let endpoint = "\(request.method) \(path)"
    let (action, isSaved) = state.withLock { state in
      state.requests.append(Request(endpoint: endpoint, key: key))
      return (Self.nextAction(&state, endpoint), key.map(state.savedFailures.contains) ?? false)
    }
    if isSaved { return stream.write(.failure(500, [("Idempotent-Replayed", "true")])) }
    switch action {
    case nil: return stream.write(sandbox.respond(to: request))
    case .hold(let gate, let isExecuted)?:
      if isExecuted { _ = sandbox.respond(to: request) }
      gate.reach()
      return false
    case .delay(let gate)?:
      let answer = sandbox.respond(to: request)
      gate.reach()
      return stream.write(answer)
    case .fault(let fault)?:
      let answer = fault.isExecuted ? sandbox.respond(to: request) : nil
      return fail(fault, answer, key, stream)
    }
  }

  private static func nextAction(_ state: inout State, _ endpoint: String) -> Action? {
    let index = state.rules.firstIndex { rule in
      guard rule.remaining > 0 else { return false }
      return rule.endpoint.hasSuffix("*")
        ? endpoint.hasPrefix(rule.endpoint.dropLast()) : endpoint == rule.endpoint
    }
    guard let index else { return nil }
    state.rules[index].remaining -= 1
    return state.rules[index].action
  }

  private func fail(
    _ fault: Fault, _ answer: SandboxResponse?, _ key: String?, _ stream: FaultStream
  ) -> Bool {
    switch fault {
    case .answerLost, .cutBeforeExecution: return false
    case .tooManyRequests: return stream.write(.failure(429))
    case .tooManyRequestsDoNotRetry:
      return stream.write(
        .failure(429, [("Retry-After", "30"), ("Stripe-Should-Retry", "false")]))
    case .serverError, .serverErrorAfterExecution: return stream.write(.failure(500))
    case .unavailable: return stream.write(.failure(503))
    case .savedServerError, .savedServerErrorAfterExecution:
      state.withLock { state in key.map { _ = state.savedFailures.insert($0) } }
      return stream.write(.failure(500))
    case .page:
      return stream.write(
        SandboxResponse(
          status: 200, headers: [("Content-Type", "text/html")],
          body: Array("<html><body>Sign in to this network</body></html>".utf8)))
    case .truncatedJSON:
      var half = answer ?? SandboxResponse(status: 200)
      half.body = Array(half.body.prefix(half.body.count / 2))
      return stream.write(half)
    case .stalledBody:
      _ = stream.write(answer ?? SandboxResponse(status: 200), fraction: 2)
      stream.waitForEnd()
      return false
    case .silence:
      stream.waitForEnd()
      return false
    }
  }

  private static func listen() throws -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && Glibc.listen(descriptor, 64) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isListening else { throw POSIXError(.EADDRNOTAVAIL) }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }
}

/// Where a request is held back: the test waits until it came, does what it wants, and opens.
final class Gate: Sendable {
  private let reached = DispatchSemaphore(value: 0)
  private let opened = DispatchSemaphore(value: 0)

  /// The server's side: says that the request is here, and waits.
  func reach() {
    reached.signal()
    opened.wait()
  }

  /// The test's side.
  func waitUntilReached() { reached.wait() }
  func open() { opened.signal() }
}

extension SandboxResponse {
  /// Stripe's error body for a status that says that the server failed.
  fileprivate static func failure(
    _ status: Int, _ headers: [(name: String, value: String)] = []
  ) -> SandboxResponse {
    let type = status == 429 ? "invalid_request_error" : "api_error"
    let code = status == 429 ? #","code":"rate_limit""# : ""
    let body = #"{"error":{"type":"\#(type)"\#(code),"message":"injected \#(status)"}}"#
    return SandboxResponse(
      status: status,
      headers: [
        ("Content-Type", "application/json"), ("Request-Id", "req_injected"),
        ("Date", Timestamp.systemNow().httpDate),
      ] + headers, body: Array(body.utf8))
  }
}
