import Basics

/// What a batch of events adds to the totals, so that each total is written once a batch.
struct UsageTally {
  struct Key {
    let series: Int64
    let span: UsageSpan
    let start: Int64
  }

  /// Events of one series that came one after another, all of one day and one period.
  struct Run {
    private(set) var total: UsageTotal
    let dayStart: Timestamp
    let periodStart: Timestamp

    init(_ total: UsageTotal, periodStart: Timestamp) {
      self.total = total
      dayStart = total.lastAt.dayStart
      self.periodStart = periodStart
    }

    func takes(_ moment: Timestamp, periodStart: Timestamp) -> Bool {
      dayStart <= moment && moment < dayStart + 86_400 && periodStart == self.periodStart
    }

    mutating func add(_ later: UsageTotal) { total.add(later) }
  }

  private struct Entry {
    let series: Int64
    let run: Run
    /// The how many-th it is.
    let number: Int
  }

  private var entries: [Entry] = []

  mutating func add(_ run: Run, series: Int64) {
    entries.append(Entry(series: series, run: run, number: entries.count))
  }

  /// The totals in the order of their table, whose pages are then written once each.
  func forEachTotal(_ body: (Key, UsageTotal) throws -> Void) rethrows {
    // What came later stays later: of one second the last one counts.
    let sorted = entries.sorted {
      ($0.series, $0.run.dayStart, $0.number) < ($1.series, $1.run.dayStart, $1.number)
    }
    var rest = sorted[...]
    while let series = rest.first?.series {
      let runs = rest.prefix { $0.series == series }
      rest = rest.dropFirst(runs.count)
      for span in UsageSpan.allCases {
        for (start, total) in Self.totals(of: runs, span) {
          try body(Key(series: series, span: span, start: start), total)
        }
      }
    }
  }

  /// What runs of one series come to, by when it begins.
  private static func totals(
    of runs: ArraySlice<Entry>, _ span: UsageSpan
  ) -> [(start: Int64, total: UsageTotal)] {
    var totals: [(start: Int64, total: UsageTotal)] = []
    for entry in runs {
      let start = entry.run.start(of: span)
      // Days come in their order, and so do periods but for those cut within a day.
      if let place = totals.lastIndex(where: { $0.start == start }) {
        totals[place].total.add(entry.run.total)
      } else {
        totals.append((start, entry.run.total))
      }
    }
    return totals.sorted { $0.start < $1.start }
  }
}

extension UsageTally.Run {
  /// When the stretch begins that it belongs to; all time begins at 0.
  fileprivate func start(of span: UsageSpan) -> Int64 {
    switch span {
    case .day: dayStart.seconds
    case .period: periodStart.seconds
    case .lifetime: 0
    }
  }
}
