import Basics

/// Tells which lines of a piece may be written in the order of their ids, and which must wait until
/// those are written and follow in the order of the file, so that all is as if that had been the
/// order of all.
///
/// A line waits that repeats an id, since the first one counts; that is not later than every line of
/// its series before it, since of one second the last one counts; and by which a series may come to
/// more than can be counted, with all that follow it there.
struct UsageTurns {
  private struct Series {
    /// The latest moment so far.
    var newest: Timestamp
    /// What all is that was used if every line so far is taken; nil for more than can be counted.
    var lifetime: Int64?
  }

  /// By their places in the book; nil before their first line.
  private var series: [Series?] = []

  /// Asked for each line in the order of the file.
  ///
  /// - Parameters:
  ///   - place: where the book has the line's series.
  ///   - lifetime: what was used of it before the piece.
  mutating func mustWait(
    _ line: UsageLine, at moment: Timestamp, place: Int, lifetime: Int64
  ) -> Bool {
    if series.count <= place {
      series += Array(repeating: nil, count: place + 1 - series.count)
    }
    let before = series[place] ?? Series(newest: .earliest, lifetime: lifetime)
    let sum = before.lifetime.flatMap { before in
      let (sum, overflow) = before.addingReportingOverflow(line.quantity)
      return overflow ? nil : sum
    }
    series[place] = Series(newest: max(before.newest, moment), lifetime: sum)
    return line.repeatsID || moment <= before.newest || sum == nil
  }
}
