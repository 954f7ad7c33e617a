import Basics

extension Sandbox {
  /// How much is done in one transaction, so that other processes have their turn.
  static let dueBatch = 100

  /// How long what failed waits to be tried again.
  static let secondsAfterFailure: Int64 = 86_400

  /// What is to be done before a request is answered.
  struct Waiting {
    let now: Timestamp
    let isDue: Bool
    /// Where the sandbox's clock is going.
    let target: Timestamp?
    let clocks: [JSONObject]
    let hasFaults: Bool
  }

  /// One look for all of it, since it is taken before every request.
  func look() throws -> Waiting {
    try store.glance { store in
      let now = configuration.systemTime() + (try Settings(readFrom: store).clockOffsetSeconds)
      return Waiting(
        now: now, isDue: try store.hasDue(clock: nil, until: now),
        target: try SandboxClock.target(in: store), clocks: try store.clocksToRun(),
        hasFaults: try store.hasFaults)
    }
  }

  /// Does everything that has fallen due since somebody last looked: nothing runs in between.
  ///
  /// - Returns: what failed of it. Who only asks for something else need not suffer from that.
  @discardableResult
  package func catchUp() throws -> [any Error] { try catchUp(look()) }

  @discardableResult
  func catchUp(_ waiting: Waiting) throws -> [any Error] {
    var failures: [any Error] = []
    if let target = waiting.target {
      failures = try advance(to: max(target, waiting.now))
    } else if waiting.isDue {
      failures = try runDue(clock: nil, until: waiting.now)
    }
    for clock in waiting.clocks { try run(clock) }
    return failures
  }

  /// What a batch has come to.
  struct Progress {
    /// The moment up to which everything is done, or the moment at which it stands.
    let moment: Timestamp
    /// Whether nothing is left to be done.
    let isDone: Bool
    let settings: Settings
    let store: StoreTransaction
  }

  /// Does what falls due on a clock up to a moment, each at its own moment, in order.
  ///
  /// What fails leaves nothing behind and holds nothing else up: it is tried again a day later.
  ///
  /// - Parameters:
  ///   - clock: a test clock's id; nil for the sandbox's own.
  ///   - stopsAtFailure: whether the clock goes no farther than to what fails.
  ///   - onBatch: called at the end of each transaction, inside it.
  /// - Returns: what failed.
  @discardableResult
  func runDue(
    clock: String?, until end: Timestamp, stopsAtFailure: Bool = false,
    onBatch: (Progress) throws -> Void = { _ in }
  ) throws -> [any Error] {
    var failures: [any Error] = []
    var isDone = false
    while !isDone {
      var failed: [any Error] = []
      try store.write { store in
        let settings = try Settings(readFrom: store)
        var reached = end
        for _ in 0..<Self.dueBatch where !isDone && (failed.isEmpty || !stopsAtFailure) {
          guard let next = try store.nextDue(clock: clock, until: end) else {
            isDone = true
            reached = end
            break
          }
          reached = next.moment
          do {
            try store.atomically { try run(next, clock: clock, settings, store) }
          } catch let error where !Store.isBusy(error) {
            failed.append(error)
            try store.postpone(next, until: next.moment + Self.secondsAfterFailure)
          }
        }
        try onBatch(
          Progress(moment: reached, isDone: isDone, settings: settings, store: store))
      }
      failures += failed
      if stopsAtFailure, !failures.isEmpty { break }
    }
    return failures
  }

  private func run(
    _ due: DueObject, clock: String?, _ settings: Settings, _ store: StoreTransaction
  ) throws {
    let type = registry.type(due.object["object"]?.string ?? "")
    let call = call(at: due.moment, clock: clock, on: due.object.id, settings, store)
    try type.due?.run(call, due.object)
    let after = try store.object(type: type.name, id: due.object.id)
    guard let after, after == due.object,
      type.due?.moment(after).map({ $0 <= due.moment }) ?? false
    else { return }
    throw SandboxError.unexpected
  }

  /// A call that nobody made: what time does by itself.
  func call(
    at moment: Timestamp, clock: String?, on id: String, _ settings: Settings,
    _ store: StoreTransaction
  ) -> Call {
    Call(
      parameters: [:], pathIDs: [id], path: "", now: moment, clock: clock, requestID: nil,
      idempotencyKey: nil, settings: settings, registry: registry, store: store,
      makeToken: configuration.makeToken)
  }
}
