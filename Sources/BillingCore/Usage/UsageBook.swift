import Basics

/// Counts what is written down, and at the end of each batch writes the totals that it adds to. What
/// it has learnt of customers it keeps from batch to batch, as long as nobody else writes.
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

  /// Called first in each transaction. Places of series that were given before may no longer hold.
  mutating func begin(_ transaction: Transaction) throws {
    let version = try transaction.dataVersion()
    if version != self.version { (places, series) = ([:], []) }
    self.version = version
  }

  /// Writes one event down.
  mutating func record(
    _ event: UsageEvent, comparesTime: Bool, in transaction: Transaction
  ) throws -> UsageOutcome {
    let place = try place(
      ofCustomer: event.customerID, meterID: event.meterID, near: event.at, transaction)
    let isNew =
      try hasRoom(for: event.charged, at: place)
      && UsageInsertion(transaction).insert(
        event.id, series: seriesID(at: place), quantity: event.quantity, at: event.at,
        covered: event.covered, request: event.request)
    guard isNew else { return try outcome(of: event, comparesTime: comparesTime, transaction) }
    add(event.charged, at: place)
    if event.isCounted { count(event.charged, at: event.at, place: place) }
    return .recorded
  }

  /// What becomes of an event that could not be written down.
  func outcome(
    of event: UsageEvent, comparesTime: Bool, _ transaction: Transaction
  ) throws -> UsageOutcome {
    guard let stored = try transaction.usageEvent(event.id) else { return .overflow }
    let fields = event.differences(from: stored, comparesTime: comparesTime)
    return fields.isEmpty ? .duplicate(stored) : .conflict(stored, fields: fields)
  }

  // MARK: Series

  /// Where a series stands; it gets a number at its first use.
  mutating func place(
    ofCustomer customerID: String, meterID: String, near moment: Timestamp,
    _ transaction: Transaction
  ) throws -> Int {
    let key = SeriesKey(customerID: customerID, meterID: meterID)
    if let known = places[key] { return known }
    let id = try transaction.usageSeries(customerID, meterID)
    let periods = try transaction.billingPeriods(ofCustomer: customerID)
    series.append(
      Series(
        id: id, periods: periods, period: periods.period(at: moment),
        lifetime: try transaction.lifetimeTotal(ofSeries: id)?.quantity ?? 0))
    places[key] = series.count - 1
    return series.count - 1
  }

  func seriesID(at place: Int) -> Int64 { series[place].id }

  /// What was used of a series in all time.
  func lifetime(at place: Int) -> Int64 { series[place].lifetime }

  /// Whether with so much more it can still be counted.
  func hasRoom(for charged: Int64, at place: Int) -> Bool {
    !series[place].lifetime.addingReportingOverflow(charged).overflow
  }

  // MARK: Counting

  /// Takes what was written down into account, for which there was room.
  mutating func add(_ charged: Int64, at place: Int) { series[place].lifetime += charged }

  /// Counts an event; those of one series in the order in which they came.
  mutating func count(_ charged: Int64, at moment: Timestamp, place: Int) {
    if !series[place].period.contains(moment) {
      series[place].period = series[place].periods.period(at: moment)
    }
    let start = series[place].period.start
    let total = UsageTotal(charged: charged, at: moment)
    if series[place].run?.takes(moment, periodStart: start) == true {
      series[place].run?.add(total)
      return
    }
    if let run = series[place].run {
      tally.add(run, series: series[place].id)
    } else {
      running.append(place)
    }
    series[place].run = UsageTally.Run(total, periodStart: start)
  }

  /// Called last in each transaction.
  mutating func close(_ transaction: Transaction) throws {
    for place in running {
      if let run = series[place].run { tally.add(run, series: series[place].id) }
      series[place].run = nil
    }
    running = []
    try transaction.add(tally)
    tally = UsageTally()
  }
}
