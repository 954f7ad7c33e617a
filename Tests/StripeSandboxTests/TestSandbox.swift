import Basics
import Synchronization
import Testing

@testable import StripeSandbox

/// A sandbox with a clock that stands still and ids that count, and short words to call it.
final class TestSandbox: Sendable {
  let sandbox: Sandbox
  /// What its requests name; nil for the account's.
  let version: APIVersion?
  private let clock: Clock

  /// The time at which a test begins: 2026-11-20T10:00:00Z.
  static let start = Timestamp(1_795_168_800)

  private final class Clock: Sendable {
    let now = Mutex(TestSandbox.start)
    let tokens = Mutex(0)
  }

  /// - Parameter registry: what it can do, if not all.
  init(
    path: String? = nil, registry: Registry = Resources.registry, firstToken: Int = 0,
    version: APIVersion? = nil
  ) throws {
    self.version = version
    let clock = Clock()
    clock.tokens.withLock { $0 = firstToken }
    self.clock = clock
    sandbox = try Sandbox(
      .init(
        path: path, systemTime: { clock.now.withLock { $0 } },
        makeToken: { length in
          let count = clock.tokens.withLock { tokens in
            tokens += 1
            return tokens
          }
          let digits = String(count)
          return String(repeating: "0", count: max(0, length - digits.count)) + digits
        }), registry: registry)
  }

  func wait(seconds: Int64) { clock.now.withLock { $0 = $0 + seconds } }

  // MARK: Calling

  /// Sends a request as it goes over the wire; `parameters` are already encoded pairs. Whatever
  /// comes back with 200 must look as Stripe declares it.
  func send(
    _ method: String, _ target: String, _ parameters: String = "",
    headers: [(name: String, value: String)] = [], isChecked: Bool = true
  ) -> Answer {
    let isRead = method == "GET"
    let response = sandbox.respond(
      to: SandboxRequest(
        method: method,
        target: isRead && !parameters.isEmpty ? "\(target)?\(parameters)" : target,
        headers: [("Authorization", "Bearer sk_test_sandbox")]
          + (version.map { [("Stripe-Version", $0.description)] } ?? []) + headers,
        body: isRead ? [] : Array(parameters.utf8)))
    let answer = Answer(response)
    if answer.status == 200, isChecked, !target.hasPrefix("/sandbox/") {
      let faults = ObjectFacts.faults(in: answer.body, version: version ?? .current)
      #expect(faults == [], "\(method) \(target)")
    }
    return answer
  }

  func get(_ target: String, _ parameters: String = "", isChecked: Bool = true) -> Answer {
    send("GET", target, parameters, isChecked: isChecked)
  }

  func post(_ target: String, _ parameters: String = "", key: String? = nil) -> Answer {
    send("POST", target, parameters, headers: key.map { [("Idempotency-Key", $0)] } ?? [])
  }

  func delete(_ target: String) -> Answer { send("DELETE", target) }

  /// The types of all events so far, oldest first.
  func eventTypes() throws -> [String] {
    try events().compactMap { $0["type"]?.string }
  }

  func events() throws -> [JSON] {
    try sandbox.events(after: 0, limit: 10_000).map { try JSON(parsing: $0.body) }
  }
}

/// An answer, its body read.
struct Answer {
  let status: Int
  let headers: [(name: String, value: String)]
  let body: JSON

  init(_ response: SandboxResponse) {
    status = response.status
    headers = response.headers
    body = (try? JSON(parsing: response.body)) ?? .null
  }

  func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

  subscript(key: String) -> JSON? { body[key] }
  var id: String { body["id"]?.string ?? "" }
  /// The ids of a list.
  var ids: [String] { (body["data"]?.array ?? []).compactMap { $0["id"]?.string } }

  /// An error in a line: status, type, code, param, message; `200` where there is none.
  var error: String {
    guard let error = body["error"] else { return String(status) }
    let parts = ["type", "code", "param"].map { error[$0]?.string ?? "-" }
    return "\(status) \(parts.joined(separator: " ")): \(error["message"]?.string ?? "")"
  }
}
