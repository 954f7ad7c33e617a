import BillingCore
import Synchronization

/// What the listener has done since it started, counted beside the work: telling it waits for
/// nobody who writes.
final class ListenerMetrics: Sendable {
  struct Counts: Sendable, Hashable {
    /// Deliveries, whatever became of them.
    var received = 0
    var verified = 0
    var rejected: [DeliveryRejection: Int] = [:]
    /// Of an event that was known already.
    var duplicates = 0
    /// Of an event with the id of another one.
    var conflicts = 0
    /// Of the other mode, live or test.
    var otherMode = 0
    var processed = 0
    var ignored = 0
    /// Attempts that failed.
    var failed = 0
    /// Events that are kept and wait for their first attempt.
    var waiting = 0
    var answers = DurationHistogram()
  }

  private let current = Mutex(Counts())

  var counts: Counts { current.withLock { $0 } }

  func count(_ change: @Sendable (inout Counts) -> Void) { current.withLock { change(&$0) } }

  func kept(_ receipts: [EventReceipt]) {
    current.withLock { counts in
      for receipt in receipts {
        switch receipt {
        case .kept: counts.waiting += 1
        case .again, .settled(.duplicate): counts.duplicates += 1
        case .settled(.conflict): counts.conflicts += 1
        case .settled(.otherMode): counts.otherMode += 1
        case .settled(.processed), .settled(.ignored), .settled(.failed): break
        }
      }
    }
  }

  /// - Parameters:
  ///   - pending: how many of them had been waiting for their first attempt.
  ///   - isAll: whether no other ones were waiting.
  func ran(_ outcomes: [EventOutcome], pending: Int, isAll: Bool) {
    current.withLock { counts in
      counts.waiting = isAll ? 0 : max(0, counts.waiting - pending)
      for outcome in outcomes {
        switch outcome {
        case .processed: counts.processed += 1
        case .ignored: counts.ignored += 1
        case .failed: counts.failed += 1
        case .duplicate, .conflict, .otherMode: break
        }
      }
    }
  }
}

/// How long answers took, in the classes of a Prometheus histogram.
struct DurationHistogram: Sendable, Hashable {
  /// In microseconds.
  static let bounds: [Int64] = [
    1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    5_000_000, 10_000_000,
  ]

  /// One for each bound, and one for what took longer.
  private(set) var counts = Array(repeating: 0, count: bounds.count + 1)
  private(set) var sumMicroseconds: Int64 = 0

  var total: Int { counts.reduce(0, +) }

  mutating func add(microseconds: Int64) {
    counts[Self.bounds.firstIndex { microseconds <= $0 } ?? Self.bounds.count] += 1
    sumMicroseconds += microseconds
  }
}
