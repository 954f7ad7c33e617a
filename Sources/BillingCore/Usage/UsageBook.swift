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
  }

  private var series: [SeriesKey: Series] = [:]
  private var tally = UsageTally()
  /// Changes when another connection has written.
  private var version: Int64?

  /// Called first in each transaction.
  mutating func begin(_ transaction: Transaction) throws {
    let version = try transaction.dataVersion()
    if version != self.version { series = [:] }
    self.version = version
  }

  mutating func record(
    _ event: UsageEvent, comparesTime: Bool, in transaction: Transaction
  ) throws -> UsageOutcome {
    let key = SeriesKey(customerID: event.customerID, meterID: event.meterID)
    var found = try series[key] ?? self.found(key, event.at, transaction)
    let (lifetime, overflow) = found.lifetime.addingReportingOverflow(event.charged)
    guard !overflow else {
      return try transaction.usageEvent(event.id).map { compared(event, $0, comparesTime) }
        ?? .overflow
    }
    guard try transaction.insert(event, series: found.id) else {
      guard let stored = try transaction.usageEvent(event.id) else { return .recorded }
      return compared(event, stored, comparesTime)
    }
    found.lifetime = lifetime
    if !found.period.contains(event.at) { found.period = found.periods.period(at: event.at) }
    tally.add(event, series: found.id, periodStart: found.period.start)
    series[key] = found
    return .recorded
  }

  private func compared(
    _ event: UsageEvent, _ stored: UsageEvent, _ comparesTime: Bool
  ) -> UsageOutcome {
    let fields = event.differences(from: stored, comparesTime: comparesTime)
    return fields.isEmpty ? .duplicate(stored) : .conflict(stored, fields: fields)
  }

  /// Called last in each transaction.
  mutating func close(_ transaction: Transaction) throws {
    for (key, total) in tally.totals.sorted(by: { $0.key < $1.key }) {
      try transaction.add(total, to: key)
    }
    tally = UsageTally()
  }

  private func found(
    _ key: SeriesKey, _ moment: Timestamp, _ transaction: Transaction
  ) throws -> Series {
    let id = try transaction.usageSeries(key.customerID, key.meterID)
    let periods = try transaction.billingPeriods(ofCustomer: key.customerID)
    return Series(
      id: id, periods: periods, period: periods.period(at: moment),
      lifetime: try transaction.lifetimeTotal(ofSeries: id)?.quantity ?? 0)
  }
}

extension UsageTally.Key: Comparable {
  /// In the order of the table, whose pages are then written once each.
  static func < (left: UsageTally.Key, right: UsageTally.Key) -> Bool {
    (left.series, left.span.rawValue, left.start) < (right.series, right.span.rawValue, right.start)
  }
}
