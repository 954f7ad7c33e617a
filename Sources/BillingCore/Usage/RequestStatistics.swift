/// What requests are put together by.
package enum RequestGrouping: String, Sendable, CaseIterable {
  case key, endpoint, method, status, day
}

/// How many requests with something in common there were, how many failed, and how long they took.
package struct RequestStatistics: Sendable, Hashable {
  /// What they have in common, a day as `2026-11-20`; nil where it was not told.
  package let value: String?
  package let count: Int64
  /// How many of them have a status.
  package let answered: Int64
  /// How many were answered with a status of 400 or more.
  package let errors: Int64
  /// The times, in milliseconds, that half of the timed ones and 95 of 100 did not exceed: of the
  /// times themselves the one at that rank, rounded up. Nil where none was timed.
  package let median: Int64?
  package let percentile95: Int64?

  package init(
    value: String?, count: Int64, answered: Int64, errors: Int64, median: Int64?,
    percentile95: Int64?
  ) {
    self.value = value
    self.count = count
    self.answered = answered
    self.errors = errors
    self.median = median
    self.percentile95 = percentile95
  }

  /// Hundredths of a percent of the answered ones, half up; nil where none was answered.
  package var errorBasisPoints: Int64? {
    answered > 0 ? (errors * 20_000 + answered) / (2 * answered) : nil
  }
}
