import Basics
import BillingCore

/// What a run of `usage report` came to, meter by meter.
struct UsageReportCounts: Sendable {
  /// Of one meter.
  struct Counts: Sendable, Hashable {
    /// Calls that Stripe took.
    var reported = 0
    /// How many units they told.
    var quantity: Int64 = 0
    /// Customers' periods of which Stripe knew all.
    var alreadyReported = 0
    var failed = 0
    /// Units of periods that are billed already.
    var late: Int64 = 0
  }

  private(set) var meters: [String: Counts] = [:]

  init(_ work: UsageReporting.Work) {
    for (meter, count) in work.known { meters[meter, default: Counts()].alreadyReported += count }
    for impossible in work.impossible {
      meters[impossible.use.meter.id, default: Counts()].failed += 1
    }
    for late in work.late {
      meters[late.segment.use.meter.id, default: Counts()].late += late.value
    }
  }

  /// Says what went wrong, where something did.
  mutating func add(_ report: ReportedUse, _ outcome: UsageReporting.Outcome) -> String? {
    let subject = "\(report.value) \(report.meterID) of \(report.customerID)"
    switch outcome {
    case .sent:
      meters[report.meterID, default: Counts()].reported += 1
      meters[report.meterID, default: Counts()].quantity += report.value
      return nil
    case .failed(let reason):
      meters[report.meterID, default: Counts()].failed += 1
      return "Stripe refused \(subject): \(reason)"
    case .unsent(let error):
      meters[report.meterID, default: Counts()].failed += 1
      return "\(subject): \(CommandError(explaining: error).message)"
    }
  }

  /// What Stripe took and then could not count.
  mutating func fail(_ report: ReportedUse) {
    meters[report.meterID, default: Counts()].reported -= 1
    meters[report.meterID, default: Counts()].quantity -= report.value
    meters[report.meterID, default: Counts()].failed += 1
  }

  var failed: Int { meters.values.reduce(0) { $0 + $1.failed } }
  private var reported: Int { meters.values.reduce(0) { $0 + $1.reported } }
  private var alreadyReported: Int { meters.values.reduce(0) { $0 + $1.alreadyReported } }

  /// The object `usage report summary` of the contract.
  var json: JSONObject {
    [
      "reported": JSON(reported), "already_reported": JSON(alreadyReported),
      "failed": JSON(failed), "meters": .array(rows),
    ]
  }

  var rows: [JSON] {
    meters.sorted { $0.key < $1.key }.map { meter, counts in
      [
        "meter": .string(meter), "reported": JSON(counts.reported),
        "quantity": .integer(counts.quantity), "already_reported": JSON(counts.alreadyReported),
        "failed": JSON(counts.failed), "late": .integer(counts.late),
      ]
    }
  }
}
