import Basics

extension Sandbox {
  /// How much is done in one transaction, so that other processes have their turn.
  static let dueBatch = 100

  /// Does everything that has fallen due since somebody last looked: nothing runs in between.
  package func catchUp() throws {
    let now = try now()
    guard try store.read({ try $0.nextDue(clock: nil, until: now) }) != nil else { return }
    try runDue(clock: nil, until: now)
  }

  /// Does what falls due on a clock up to a moment, each at its own moment, in order.
  ///
  /// What fails has its moment taken away, so that it cannot hold the clock up for ever; the error
  /// is thrown when its transaction is written.
  ///
  /// - Parameters:
  ///   - clock: a test clock's id; nil for the sandbox's own.
  ///   - onBatch: called at the end of each transaction, inside it, with the moment reached.
  func runDue(
    clock: String?, until end: Timestamp,
    onBatch: (Timestamp, StoreTransaction) throws -> Void = { _, _ in }
  ) throws {
    var isDone = false
    while !isDone {
      var failure: (any Error)?
      try store.write { store in
        let settings = try Settings(readFrom: store)
        var reached = end
        for _ in 0..<Self.dueBatch where failure == nil && !isDone {
          guard let next = try store.nextDue(clock: clock, until: end) else {
            isDone = true
            reached = end
            break
          }
          reached = next.moment
          do {
            try store.atomically { try run(next, clock: clock, settings, store) }
          } catch {
            failure = error
            try store.clearDue(next)
          }
        }
        try onBatch(reached, store)
      }
      if let failure { throw failure }
    }
  }

  private func run(
    _ due: DueObject, clock: String?, _ settings: Settings, _ store: StoreTransaction
  ) throws {
    let type = registry.type(due.object["object"]?.string ?? "")
    let call = Call(
      parameters: [:], pathIDs: [due.object.id], path: "", now: due.moment, clock: clock,
      requestID: nil, idempotencyKey: nil, settings: settings, registry: registry, store: store,
      makeToken: configuration.makeToken)
    try type.due?.run(call, due.object)
    let after = try store.object(type: type.name, id: due.object.id)
    guard let after, after == due.object,
      type.due?.moment(after).map({ $0 <= due.moment }) ?? false
    else { return }
    throw SandboxError.unexpected
  }
}
