import Basics
import Synchronization

extension Sandbox {
  /// The webhook requests that are to be sent now, oldest first, each signed for this moment. Each
  /// is handed out once; say by `note` what became of it.
  package func deliveriesDue(limit: Int) throws -> [SandboxDelivery] {
    let listener = listener.withLock { $0 }
    guard try store.read({ try isAnythingDue(listener, in: $0) }) else { return [] }
    let (deliveries, cursor) = try store.write { store in
      let cursor = try listener.map { try hear($0, in: store) }
      let round = try Round(self, listener, store)
      let due = try store.deliveriesDue(
        now: round.now, time: round.time, listener: listener?.id, limit: limit)
      return (try due.compactMap { try round.take($0) }, cursor)
    }
    if let cursor { self.listener.withLock { $0?.cursor = cursor } }
    return deliveries
  }

  /// Says what became of a delivery: the status of the answer, nil where none came.
  package func note(_ delivery: SandboxDelivery, status: Int?) throws {
    try store.write { store in
      // An endpoint that was deleted meanwhile took its deliveries with it; after a reset the number
      // belongs to another one.
      guard let row = try store.delivery(id: delivery.id), row.event == delivery.event else {
        return
      }
      let offset = try Settings(readFrom: store).clockOffsetSeconds
      let next = row.attempted(status: status, at: configuration.systemTime() + offset)
      try store.update(next)
      try store.releaseHeld(endpoint: row.endpoint, before: row.id)
    }
  }

  private func isAnythingDue(_ listener: Listener?, in store: StoreTransaction) throws -> Bool {
    if let listener, try store.lastEventSequence() > listener.cursor { return true }
    let time = configuration.systemTime()
    let now = time + (try Settings(readFrom: store).clockOffsetSeconds)
    return try !store.deliveriesDue(now: now, time: time, listener: listener?.id, limit: 1)
      .isEmpty
  }

  /// Makes deliveries of the events that a listener has not been sent; returns the last one.
  private func hear(_ listener: Listener, in store: StoreTransaction) throws -> Int64 {
    var cursor = listener.cursor
    for event in try store.events(after: cursor, limit: 1_000) {
      let body = try JSON(parsing: event.body)
      try store.insertDelivery(
        event: body["id"]?.string ?? "", type: body["type"]?.string ?? "", endpoint: listener.id,
        body: String(decoding: event.body, as: UTF8.self), origin: .automatic)
      cursor = event.sequence
    }
    return cursor
  }
}

/// One look for what is to be sent.
private struct Round {
  let sandbox: Sandbox
  let listener: Listener?
  let store: StoreTransaction
  /// By the machine's clock, and by the sandbox's.
  let time: Timestamp
  let now: Timestamp

  init(_ sandbox: Sandbox, _ listener: Listener?, _ store: StoreTransaction) throws {
    self.sandbox = sandbox
    self.listener = listener
    self.store = store
    time = sandbox.configuration.systemTime()
    now = time + (try Settings(readFrom: store).clockOffsetSeconds)
  }

  /// The request of a delivery; nil where nothing is to be sent now.
  func take(_ delivery: Delivery) throws -> SandboxDelivery? {
    guard let (url, secret) = try destination(of: delivery) else {
      try giveUp(delivery)
      return nil
    }
    if delivery.isFresh, let kind = try fault(of: delivery) {
      switch kind {
      case .dropEvent:
        try giveUp(delivery)
        return nil
      case .reorderEvents:
        try store.hold(delivery.id, until: time + Delivery.heldSeconds)
        return nil
      default:
        try store.insertDelivery(
          event: delivery.event, type: delivery.type, endpoint: delivery.endpoint,
          body: delivery.body, origin: .doubled)
      }
    }
    try store.take(delivery.id, until: time + Delivery.takenSeconds)
    return SandboxDelivery(delivery, url: url, secret: secret, at: time)
  }

  /// Where it goes; nil where the endpoint is disabled: then no further try is made, even if it is
  /// enabled again later.
  private func destination(of delivery: Delivery) throws -> (url: String, secret: Secret)? {
    if let listener, [listener.id, Listener.anyone].contains(delivery.endpoint) {
      return (listener.url, listener.secret)
    }
    guard let endpoint = try store.object(type: "webhook_endpoint", id: delivery.endpoint),
      endpoint.string("status") == "enabled", let url = endpoint.string("url"),
      let secret = endpoint.string("_secret")
    else { return nil }
    return (url, Secret(secret))
  }

  private func fault(of delivery: Delivery) throws -> FaultKind? {
    try sandbox.fault(in: store) { $0.suits(event: delivery.type) }?.kind
  }

  private func giveUp(_ delivery: Delivery) throws {
    var given = delivery
    given.state = .failed
    try store.update(given)
  }
}
