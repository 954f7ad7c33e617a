import Basics

/// When an event that failed is run again by itself, until it is given up.
package enum EventRetry {
  /// After the first attempt, the second, and so on: within a day whatever was wrong has been
  /// mended, or somebody has to look at it.
  package static let pausesSeconds: [Int64] = [10, 60, 600, 3_600, 21_600, 64_800]

  /// Nil after the last attempt: from then on it is for `webhook retry`.
  static func next(after attempts: Int, at now: Timestamp) -> Timestamp? {
    pausesSeconds.indices.contains(attempts - 1) ? now + pausesSeconds[attempts - 1] : nil
  }
}
