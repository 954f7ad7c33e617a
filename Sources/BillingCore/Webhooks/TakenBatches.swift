/// What was taken and not yet shown, the oldest first.
struct TakenBatches {
  /// A batch that is taken back when its transaction fails.
  struct Open {
    /// What became of its events, without what they say of their objects.
    let replayed: ReplayedBatch
    /// How many events could still be taken before it.
    let room: Int
    private let bodies: [[UInt8]]
    private let alongside: (@Sendable (Transaction) throws -> Void)?

    init(_ batch: EventBatch, taken replayed: ReplayedBatch, room: Int) {
      self.replayed = replayed.envelopes
      self.room = room
      bodies = replayed.events.compactMap { $0.reading.incoming?.body }
      alongside = replayed.events.count == batch.readings.count ? batch.alongside : nil
    }

    var bodySize: Int { bodies.reduce(0) { $0 + $1.count } }

    /// What was taken of it, read again.
    func batch() throws -> EventBatch {
      var (batch, bodies) = (EventBatch(), bodies.makeIterator())
      batch.readings = try replayed.events.map { event in
        guard let envelope = event.reading.incoming, let body = bodies.next() else {
          return event.reading
        }
        return .event(try IncomingEvent(body, verdict: envelope.verdict))
      }
      (batch.length, batch.alongside) = (replayed.length, alongside)
      return batch
    }
  }

  /// How much one transaction takes: so much that what many events change is written once, so little
  /// that what it changes is kept at hand and others can write soon.
  private static let (mostEvents, mostBytes) = (640, 4 << 20)

  var durable: [ReplayedBatch] = []
  /// What the disk is at work on.
  var settling: (batches: [ReplayedBatch], end: Task<Void, any Error>)?
  /// What transactions took that are over, with which nothing is done yet.
  var closed: [ReplayedBatch] = []
  /// What the one took that goes on.
  private(set) var open: [Open] = []
  /// How much the open ones have.
  private var (eventCount, byteCount) = (0, 0)

  var isFull: Bool { eventCount >= Self.mostEvents || byteCount >= Self.mostBytes }

  mutating func add(_ batch: Open) {
    open.append(batch)
    eventCount += batch.replayed.events.count
    byteCount += batch.bodySize
  }

  /// The transaction is over: what it took is kept.
  mutating func close() { closed += takeOpen().map(\.replayed) }

  /// The transaction is undone.
  ///
  /// - Returns: what it took.
  @discardableResult mutating func takeOpen() -> [Open] {
    defer { (open, eventCount, byteCount) = ([], 0, 0) }
    return open
  }
}
