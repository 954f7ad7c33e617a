import Basics

/// How many requests were let through in each second of the last minute: a sliding window, so that
/// no sixty seconds in a row ever have more than the limit, and no more is asked to wait than needs.
struct RateWindow: Sendable, Hashable {
  struct Second: Sendable, Hashable {
    var start: Timestamp
    var count: Int64
  }

  static let lengthSeconds: Int64 = 60

  let now: Timestamp
  /// Ascending; only what counts.
  let seconds: [Second]

  /// What is further from now than the window is long does not count, to either side: a clock that
  /// was set back does not shut a key out for longer than a window.
  init(_ seconds: [Second], at now: Timestamp) {
    self.now = now
    self.seconds = seconds.filter { Self.range(at: now).contains($0.start) }
      .sorted { $0.start < $1.start }
  }

  /// The seconds that count at a moment.
  static func range(at now: Timestamp) -> ClosedRange<Timestamp> {
    now - (lengthSeconds - 1)...now + (lengthSeconds - 1)
  }

  var used: Int64 { seconds.reduce(0) { $0 + $1.count } }

  /// When nothing counts any more; now where nothing does.
  var end: Timestamp { seconds.last.map { $0.start + Self.lengthSeconds } ?? now }

  /// How many seconds from now one more fits under a limit of at least one; 0 for at once.
  func wait(under limit: Int64) -> Int64 {
    var left = used
    var end = now
    for second in seconds where left >= limit {
      left -= second.count
      end = second.start + Self.lengthSeconds
    }
    return end - now
  }
}
