/// What was taken and not yet shown, the oldest first.
struct TakenBatches {
  /// A batch that is taken back when its transaction fails.
  struct Open {
    let batch: EventBatch
    /// How many events could still be taken before it.
    var room: Int
    let replayed: ReplayedBatch
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
  var open: [Open] = []

  var isFull: Bool {
    open.reduce(0) { $0 + $1.batch.readings.count } >= Self.mostEvents
      || open.reduce(0) { $0 + $1.batch.bodySize } >= Self.mostBytes
  }

  mutating func close() {
    closed += open.map(\.replayed)
    open = []
  }
}
