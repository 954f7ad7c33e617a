import Basics

/// Writes events down, and at the end of each batch the totals that they add to. What it has learnt
/// of customers it keeps from batch to batch, as long as nobody else writes.
struct UsageBook {
  private struct SeriesKey: Hashable {
    let customerID: String
    let meterID: String
  }

  /// What is known of a series while a batch is written.
  private struct Series {
    let id: Int64
    let periods: BillingPeriods
    /// The newest period that was asked for: most events lie in it.
    var period: BillingPeriod
    /// The quantity of all time, this batch's included.
    var lifetime: Int64
    /// What has not been tallied yet.
    var run: UsageTally.Run?
  }

  private var places: [SeriesKey: Int] = [:]
  private var series: [Series] = []
  /// Where there are series with a run.
  private var running: [Int] = []
  private var tally = UsageTally()
  /// Changes when another connection has written.
  private var version: Int64?

  /// Called first in each transaction.
  mutating func begin(_ transaction: Transaction) throws {
    let version = try transaction.dataVersion()
    if version != self.version { (places, series) = ([:], []) }
    self.version = version
  }

  mutating func record(
    _ event: UsageEvent, comparesTime: Bool, in transaction: Transaction
  ) throws -> UsageOutcome {
    let place = try place(of: event, transaction)
    let (lifetime, overflow) = series[place].lifetime.addingReportingOverflow(event.charged)
    guard !overflow else {
      return try transaction.usageEvent(event.id).map { compared(event, $0, comparesTime) }
        ?? .overflow
    }
    guard try transaction.insert(event, series: series[place].id) else {
      guard let stored = try transaction.usageEvent(event.id) else { return .recorded }
      return compared(event, stored, comparesTime)
    }
    series[place].lifetime = lifetime
    if !series[place].period.contains(event.at) {
      series[place].period = series[place].periods.period(at: event.at)
    }
    count(event, at: place)
    return .recorded
  }

  private mutating func count(_ event: UsageEvent, at place: Int) {
    guard event.isCounted else { return }
    let start = series[place].period.start
    if series[place].run?.takes(event, periodStart: start) == true {
      series[place].run?.add(event)
      return
    }
    if let run = series[place].run {
      tally.add(run, series: series[place].id)
    } else {
      running.append(place)
    }
    series[place].run = UsageTally.Run(event, periodStart: start)
  }

  private func compared(
    _ event: UsageEvent, _ stored: UsageEvent, _ comparesTime: Bool
  ) -> UsageOutcome {
    let fields = event.differences(from: stored, comparesTime: comparesTime)
    return fields.isEmpty ? .duplicate(stored) : .conflict(stored, fields: fields)
  }

  /// Called last in each transaction.
  mutating func close(_ transaction: Transaction) throws {
    for place in running {
      if let run = series[place].run { tally.add(run, series: series[place].id) }
      series[place].run = nil
    }
    running = []
    for (key, total) in tally.totals.sorted(by: { $0.key < $1.key }) {
      try transaction.add(total, to: key)
    }
    tally = UsageTally()
  }

  private mutating func place(of event: UsageEvent, _ transaction: Transaction) throws -> Int {
    let key = SeriesKey(customerID: event.customerID, meterID: event.meterID)
    if let known = places[key] { return known }
    let id = try transaction.usageSeries(key.customerID, key.meterID)
    let periods = try transaction.billingPeriods(ofCustomer: key.customerID)
    series.append(
      Series(
        id: id, periods: periods, period: periods.period(at: event.at),
        lifetime: try transaction.lifetimeTotal(ofSeries: id)?.quantity ?? 0))
    places[key] = series.count - 1
    return series.count - 1
  }
}

extension UsageTally.Key: Comparable {
  /// In the order of the table, whose pages are then written once each.
  static func < (left: UsageTally.Key, right: UsageTally.Key) -> Bool {
    (left.series, left.span.rawValue, left.start) < (right.series, right.span.rawValue, right.start)
  }
}
