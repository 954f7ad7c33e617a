import Basics

/// The stretches of time in which a long list of events is read: the oldest first, although the
/// list itself begins with the newest. Each holds about as many events as are taken at once, so the
/// stretches grow where little happens. Pure: a table of tests stands behind it.
struct EventWindows: Sendable {
  static let day: Int64 = 86_400
  /// How many events one stretch is to hold.
  static let target = 300
  private static let greatestGrowth: Int64 = 8

  /// Where the next stretch begins; nil at the very first, which has all that is older than is kept.
  private(set) var start: Timestamp?
  private(set) var isDone = false
  private let oldest: Timestamp
  private let newest: Timestamp
  private let end: Timestamp?
  private var span = EventWindows.day

  /// - Parameters:
  ///   - start: nil for as far back as there is something.
  ///   - oldest: what is older is hardly kept, and is read in one stretch.
  ///   - newest: when the newest event happened; what comes after it is in the last stretch.
  ///   - end: what happened then or later is left out.
  init(from start: Timestamp?, oldest: Timestamp, newest: Timestamp, end: Timestamp?) {
    self.start = start
    self.oldest = oldest
    self.newest = newest
    self.end = end
  }

  /// The end of the stretch: it is not in it. Nil for all that is left.
  var before: Timestamp? {
    let edge = start.map { $0 + span } ?? oldest
    return edge > newest ? end : end.map { min($0, edge) } ?? edge
  }

  /// Makes the stretch shorter, as it holds too much; false where it cannot be.
  mutating func shorten() -> Bool {
    guard start != nil, span > 1 else { return false }
    span = max(1, span / 8)
    return true
  }

  /// Goes on to the next stretch, after so many events.
  mutating func advance(after count: Int) {
    guard let next = before, next != end else {
      isDone = true
      return
    }
    if start != nil {
      let fitting = span * Int64(Self.target) / Int64(max(count, 1))
      span = max(1, min(fitting, span * Self.greatestGrowth))
    }
    start = next
  }
}
