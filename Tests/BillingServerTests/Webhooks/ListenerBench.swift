import Basics
import BillingCore
import BillingServer
import Foundation
import Stripe
import Synchronization

/// A listener with a database of its own, and what is to be delivered to it.
struct ListenerBench: Sendable {
  static let secret = Secret("whsec_bench")
  static let now = Timestamp(1_795_168_800)

  let store: Store
  var limits = WebhookListener.Limits()
  var secrets = [ListenerBench.secret]
  let exchanges = Log<ListenerExchange>()
  let failures = Log<String>()
  let troubles = Log<String>()

  /// Kept in order.
  final class Log<Element: Sendable>: Sendable {
    private let kept = Mutex<[Element]>([])
    var all: [Element] { kept.withLock { $0 } }
    func add(_ element: Element) { kept.withLock { $0.append(element) } }
  }

  /// - Parameter path: of the database; in memory where there is none.
  init(path: String? = nil) throws {
    // A test that is not about them must not meet them, however slow the machine is.
    (limits.idleMilliseconds, limits.requestMilliseconds) = (600_000, 600_000)
    store =
      try path.map { try Store.open(at: $0, now: { Self.now }) }
      ?? Store.inMemory(now: { Self.now })
  }

  var inbox: Inbox {
    Inbox(
      store: store, mirror: StripeMirror(planOfPrice: { _ in nil }, externalIDKeys: []),
      now: { Self.now })
  }

  var listener: WebhookListener {
    var observer = WebhookListener.Observer()
    let (exchanges, failures, troubles, inbox) = (exchanges, failures, troubles, inbox)
    observer.answered = { exchanges.add($0) }
    observer.failed = { failures.add("\($0): \($1)") }
    observer.troubled = { troubles.add("\($0)") }
    return WebhookListener(
      store: store, inbox: { inbox }, secrets: secrets, port: 0, path: "/webhooks/stripe",
      limits: limits, now: { Self.now }, observer: observer)
  }

  func running(_ body: (Int) async throws -> Void) async throws {
    try await listener.running(body)
  }

  /// What is in the inbox, as `evt_1 processed`.
  func inboxStates() throws -> [String] {
    try store.read { try $0.events(matching: EventFilter(), oldestFirst: true) }
      .map { "\($0.id) \($0.status.rawValue)" }
  }

  // MARK: What is delivered

  static func event(
    _ id: String, _ type: String = "customer.created", object: JSON = customer, isLive: Bool = false
  ) -> [UInt8] {
    let json: JSON = [
      "id": .string(id), "object": "event", "type": .string(type), "created": 1_795_168_000,
      "livemode": .bool(isLive), "api_version": "2026-10-28.endive", "data": ["object": object],
    ]
    return Array(json.compact.utf8)
  }

  static let customer: JSON = [
    "id": "cus_1", "object": "customer", "email": "ada@example.com", "created": 1_795_168_000,
    "livemode": false, "metadata": [:],
  ]

  static func signature(
    of body: [UInt8], secret: Secret = secret, at time: Timestamp = now
  ) -> String {
    WebhookSignature.sign(payload: body, secret: secret, at: time)
  }
}

/// What a delivery was answered with.
struct Delivered: Equatable {
  var status: Int
  var json: JSON
}

extension ServerClient {
  func deliver(_ body: [UInt8], signature: String?) async throws -> Delivered {
    var request = HTTPRequest(
      method: .post, url: "http://127.0.0.1:\(port)/webhooks/stripe", body: body,
      timeoutSeconds: timeoutSeconds)
    if let signature { request.headers.append("Stripe-Signature", signature) }
    let response = try await CurlTransport().send(request)
    return Delivered(status: response.status, json: try JSON(parsing: response.body))
  }

  /// Signed as Stripe does.
  func deliver(_ body: [UInt8]) async throws -> Delivered {
    try await deliver(body, signature: ListenerBench.signature(of: body))
  }

  /// The value of a metric.
  func metric(_ name: String) async throws -> Int? {
    let text = String(decoding: try await get("/metrics").body, as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix("billing_webhook_\(name) ") }
    return line.flatMap { Int($0.split(separator: " ")[1]) }
  }
}
