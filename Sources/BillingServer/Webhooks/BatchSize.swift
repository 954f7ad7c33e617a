/// How many events are applied in one transaction: so many as take a bounded time, since who
/// delivers an event waits for the transaction that is under way.
struct BatchSize: Sendable {
  static let goalMilliseconds: Int64 = 10
  static let most = 256

  private(set) var count = 16

  /// Learns from a transaction.
  mutating func note(_ taken: Int, milliseconds: Int64) {
    if milliseconds > Self.goalMilliseconds {
      count = max(1, count / 2)
    } else if taken == count, milliseconds * 2 < Self.goalMilliseconds {
      count = min(Self.most, count * 2)
    }
  }
}
