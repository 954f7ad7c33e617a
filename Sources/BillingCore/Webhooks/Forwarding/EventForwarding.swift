package import Basics
package import Stripe

/// Hands events of the inbox on to an application's endpoint, each signed anew: those of one
/// customer in order, those of different ones beside each other.
///
/// What is to be sent is noted first (`ask`), and every attempt is logged, so that a run that was
/// stopped is gone on with by the next, and nothing is sent again that was taken. An answer that was
/// lost with this process is the exception: the application knows the event by its id.
package struct EventForwarding: Sendable {
  /// What surrounds it: real time, since the signature's is compared with the receiver's clock.
  package struct Surroundings: Sendable {
    package var transport: any Transport
    package var now: @Sendable () -> Timestamp
    package var uptimeMilliseconds: @Sendable () -> Int64
    package var pause: @Sendable (_ milliseconds: Int64) async throws -> Void

    package init(
      transport: any Transport, now: @escaping @Sendable () -> Timestamp,
      uptimeMilliseconds: @escaping @Sendable () -> Int64,
      pause: @escaping @Sendable (_ milliseconds: Int64) async throws -> Void
    ) {
      self.transport = transport
      self.now = now
      self.uptimeMilliseconds = uptimeMilliseconds
      self.pause = pause
    }
  }

  /// How many are read at once from the list of what is to be sent.
  static let pageSize = 5_000

  private let destination: ForwardDestination
  private let store: Store
  private let secret: Secret
  private let surroundings: Surroundings
  /// For one request, from the look-up of the name to the last byte.
  private let timeoutSeconds: Double

  package init(
    to destination: ForwardDestination, store: Store, secret: Secret,
    timeoutSeconds: Double = 30, surroundings: Surroundings
  ) {
    self.destination = destination
    self.store = store
    self.secret = secret
    self.timeoutSeconds = timeoutSeconds
    self.surroundings = surroundings
  }

  /// Where what is asked for from now on begins.
  package func position() throws -> Int64 { try store.read { try $0.forwardPosition() } }

  /// Notes durably that events of the inbox are to be sent; tells how many of them had been
  /// delivered before and are left out.
  ///
  /// - Parameter again: whether those are sent once more.
  package func ask(_ eventIDs: [String], again: Bool = false) throws -> Int {
    guard !eventIDs.isEmpty else { return 0 }
    return try store.write { try ask(eventIDs, again: again, in: $0) }
  }

  /// The same, in the transaction that keeps the events.
  @discardableResult
  package func ask(
    _ eventIDs: [String], again: Bool = false, in transaction: Transaction
  ) throws -> Int {
    let time = surroundings.now()
    return try eventIDs.count { id in
      try !transaction.askForward(of: id, to: destination.url, again: again, at: time)
    }
  }

  /// Sends what was asked for after a position and is not delivered yet. Ends when all of it is,
  /// or is waiting behind one that was not taken, or when nothing gets through any more.
  ///
  /// While another process sends to the same address, nothing is sent: that one sends it, too.
  ///
  /// - Parameter onEach: called with the last attempt of each that was tried.
  package func run(
    askedAfter position: Int64 = 0, onEach: (ForwardAttempt) -> Void = { _ in }
  ) async throws -> ForwardSummary {
    guard let lock = try ForwardLock.take(destination.url, of: store) else {
      var summary = ForwardSummary()
      summary.isElsewhere = true
      summary.waiting = try undeliveredCount(askedAfter: position)
      return summary
    }
    defer { lock.release() }
    return try await send(askedAfter: position, onEach: onEach)
  }

  private func undeliveredCount(askedAfter position: Int64) throws -> Int {
    try store.read { try $0.undeliveredCount(to: destination.url, askedAfter: position) }
  }

  private func send(
    askedAfter position: Int64, onEach: (ForwardAttempt) -> Void
  ) async throws -> ForwardSummary {
    var pages = Pages(position: position)
    var summary = try await ForwardLanes.send(
      fill: { try fill(&$0, from: &pages) }, deliver: { try await deliver($0) }, onEach: onEach)
    summary.waiting = try undeliveredCount(askedAfter: position) - summary.failed
    return summary
  }

  // MARK: What is to be sent

  private struct Pages {
    let position: Int64
    var cursor: ForwardCursor?
    var isAtEnd = false
  }

  private func fill(_ lanes: inout ForwardLanes, from pages: inout Pages) throws {
    while lanes.count == 0, !pages.isAtEnd {
      let page = try store.read { [pages] in
        try $0.undelivered(
          to: destination.url, askedAfter: pages.position, beyond: pages.cursor,
          limit: Self.pageSize)
      }
      for (item, _) in page { lanes.add(item) }
      pages.cursor = page.last?.cursor ?? pages.cursor
      pages.isAtEnd = page.count < Self.pageSize
    }
  }

  // MARK: One event

  /// All attempts at one event; each is logged before the next. One that has gone from the inbox
  /// since it was listed cannot be sent.
  private func deliver(_ eventID: String) async throws -> ForwardAttempt {
    guard let kept = try store.read({ try $0.keptEvent(eventID) }) else {
      return ForwardAttempt(
        eventID: eventID, isDelivered: false, status: nil, error: "it is no longer in the inbox",
        milliseconds: 0, at: surroundings.now())
    }
    var count = 0
    while true {
      count += 1
      let (attempt, outcome) = try await attempt(eventID, kept.body)
      try store.write { try $0.noteForward(attempt, to: destination.url) }
      guard case .tryAgain(let pause) = ForwardVerdict.of(outcome, attempt: count) else {
        return attempt
      }
      try await surroundings.pause(pause)
    }
  }

  private func attempt(
    _ eventID: String, _ body: [UInt8]
  ) async throws -> (ForwardAttempt, ForwardVerdict.Outcome) {
    let time = surroundings.now()
    return try await surroundings.post(request(body, at: time), of: eventID, at: time)
  }

  private func request(_ body: [UInt8], at time: Timestamp) -> HTTPRequest {
    HTTPRequest(
      method: .post, url: destination.url,
      headers: [
        "Content-Type": "application/json; charset=utf-8", "User-Agent": "billing",
        "Stripe-Signature": WebhookSignature.sign(payload: body, secret: secret, at: time),
      ], body: body, timeoutSeconds: timeoutSeconds)
  }
}

/// How handing on went, in numbers.
package struct ForwardSummary: Sendable, Hashable {
  package private(set) var delivered = 0
  /// Those that were tried and not taken.
  package private(set) var failed = 0
  /// Those that were not tried: behind one of their customer's that failed, or nothing got through.
  package internal(set) var waiting = 0
  /// Whether another process is sending to the address, so that this one sent nothing.
  package internal(set) var isElsewhere = false

  package init() {}

  mutating func add(_ attempt: ForwardAttempt) {
    if attempt.isDelivered { delivered += 1 } else { failed += 1 }
  }

  /// Counts what went to another address.
  mutating func add(_ other: ForwardSummary) {
    delivered += other.delivered
    failed += other.failed
    waiting += other.waiting
    isElsewhere = isElsewhere || other.isElsewhere
  }

  package var isWhole: Bool { failed == 0 && waiting == 0 }
}
