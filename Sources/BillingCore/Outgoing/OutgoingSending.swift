import Basics
import Stripe

/// Sends what the company's endpoints are to be told: to each beside the others, and there what
/// happened to one customer in order.
///
/// A delivery that is not taken is sent again later, and what came after it for its customer waits
/// behind it until it is taken or given up. Every attempt is written down. A process that dies
/// between an answer and that row leaves the message to be sent once more, under the same id.
package struct OutgoingSending: Sendable {
  /// How many are read at once from the list of what is to be sent.
  static let pageSize = 1_000

  private let store: Store
  private let surroundings: EventForwarding.Surroundings
  /// For one request, from the look-up of the name to the last byte.
  private let timeoutSeconds: Double

  package init(
    store: Store, timeoutSeconds: Double = 30, surroundings: EventForwarding.Surroundings
  ) {
    self.store = store
    self.timeoutSeconds = timeoutSeconds
    self.surroundings = surroundings
  }

  /// Sends all that is due. Where another process sends to an endpoint, that one goes on.
  ///
  /// - Parameter onEach: called with each attempt.
  package func run(
    onEach: @escaping @Sendable (ForwardAttempt) -> Void = { _ in }
  ) async throws -> ForwardSummary {
    let now = surroundings.now()
    let endpoints = try store.read { transaction in
      try transaction.outgoingEndpoints().filter {
        try !transaction.dueDeliveries(to: $0.id, at: now, after: 0, limit: 1).isEmpty
      }
    }
    return try await withThrowingTaskGroup(of: ForwardSummary.self) { group in
      for endpoint in endpoints {
        group.addTask { try await sendDue(to: endpoint, at: now, onEach: onEach) }
      }
      var all = ForwardSummary()
      for try await summary in group { all.add(summary) }
      return all
    }
  }

  /// Sends one alone, whatever waits before it; nil while another process sends to its endpoint.
  package func send(_ id: String) async throws -> ForwardAttempt? {
    let delivery = try store.read { try $0.requireDelivery(id) }
    let endpoint = try store.read { try $0.requireEndpoint(delivery.endpointID) }
    guard let lock = try ForwardLock.take(endpoint.id, of: store) else { return nil }
    defer { lock.release() }
    return try await attempt(id, to: endpoint)
  }

  private func sendDue(
    to endpoint: OutgoingEndpoint, at now: Timestamp, onEach: (ForwardAttempt) -> Void
  ) async throws -> ForwardSummary {
    guard let lock = try ForwardLock.take(endpoint.id, of: store) else {
      var summary = ForwardSummary()
      summary.isElsewhere = true
      return summary
    }
    defer { lock.release() }
    var (last, isAtEnd): (Int64, Bool) = (0, false)
    return try await ForwardLanes.send(
      fill: { lanes in
        while lanes.count == 0, !isAtEnd {
          let page = try store.read {
            try $0.dueDeliveries(to: endpoint.id, at: now, after: last, limit: Self.pageSize)
          }
          for (item, _) in page { lanes.add(item) }
          last = page.last?.number ?? last
          isAtEnd = page.count < Self.pageSize
        }
      }, deliver: { try await attempt($0, to: endpoint) }, onEach: onEach)
  }

  /// One attempt, written down. What is no longer to be sent, since its endpoint was removed
  /// meanwhile, is not sent.
  private func attempt(
    _ id: String, to endpoint: OutgoingEndpoint
  ) async throws -> ForwardAttempt {
    let time = surroundings.now()
    let found = try store.read { transaction in
      try transaction.secret(ofEndpoint: endpoint.id).flatMap { secret in
        try transaction.pendingBody(ofDelivery: id).map { ($0, secret) }
      }
    }
    guard let (body, secret) = found else {
      return ForwardAttempt(
        eventID: id, isDelivered: false, status: nil, error: "it is no longer to be sent",
        milliseconds: 0, at: time)
    }
    var headers = OutgoingSignature.headers(
      of: body, id: id, for: endpoint, secret: secret, at: time)
    headers.append("Content-Type", "application/json; charset=utf-8")
    headers.append("User-Agent", "billing")
    let request = HTTPRequest(
      method: .post, url: endpoint.url, headers: headers, body: body,
      timeoutSeconds: timeoutSeconds)
    let (attempt, outcome) = try await surroundings.post(request, of: id, at: time)
    try store.write { try $0.note(attempt, outcome) }
    return attempt
  }
}
