import Basics
import BillingCore
import Stripe

struct UsageReport: Command {
  static let name = "usage report"
  static let summary = "Tell Stripe what was used and it does not know yet"
  static let discussion = """
    Sends what is unreported of each meter that a price bills: one meter event for a customer, a
    meter and a period, with all that was used since the last report; of a meter that keeps the last,
    what is used now; to a meter that counts its events, one event each. To a price without a meter,
    usage records go, where the API version has them (before 2025-03-31.basil).

    Each call is written down with its identifier before it is sent, so that a run that was cut off
    is simply run again: nothing is told twice. A call that Stripe could not count, which it tells
    later, counts as failed and is told anew. Use of a period whose invoice is final is late: it is
    said, and stays unreported, since Stripe would bill it nowhere.

    --ending-within is for cron: only periods that end so soon, and those that are over and whose
    invoice is a draft still. --check sends nothing and compares what was told with what Stripe
    counted (exit 10 where they differ; what was told a moment ago may not be counted yet).
    """
  static let parameters: [Parameter] = [
    .option("--customer", "C", "Of one customer alone"),
    .option("--until", "T", "Only what was used before: a time, or a span back from now (2h)"),
    .option("--ending-within", "D", "Only periods that end within: 2h"),
    .flag("--check", "Compare with what Stripe counted, and send nothing"),
  ]
  static let examples = [
    "usage report", "usage report --ending-within 2h", "usage report --check --json",
  ]
  static let isBatch = true

  var reference: CustomerReference?
  var until: TimeArgument?
  var endingWithin: TimeSpan?
  var checks: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customerOption()
    until = try arguments.time("--until")
    endingWithin = try arguments.span("--ending-within")
    checks = arguments.flag("--check")
  }

  func run(_ context: Context) async throws -> UsageReportReport {
    let catalogue = try context.catalogue()
    if !checks { try context.requireWrite("report usage to Stripe") }
    let reporting = try await context.usageReporting(catalogue)
    let scope = try await scope(context)
    if checks {
      return .checked(try await reporting.checkAll(reporting.segmentsToCheck(scope)))
    }
    let isDryRun = context.settings.isDryRun
    let errors = isDryRun ? [] : try await reporting.takeInErrors(ofMeters: reporting.meterIDs())
    for error in errors { context.warn(Self.words(error) + "; it is told anew") }
    let work = try await reporting.plan(scope)
    try refuse(work)
    if isDryRun {
      tell(work, context)
      return .planned(DryRunReport(try reporting.preview(work).map { $0.request }))
    }
    var counts = UsageReportCounts(work)
    let reports = try reporting.prepare(work)
    let progress = context.progress("reporting", total: Int64(reports.count))
    try await reporting.sendAll(reports) { report, outcome in
      progress.advance()
      if let problem = counts.add(report, outcome) { context.warn(problem) }
    }
    progress.finish()
    tell(work, context)
    for error in try await reporting.takeInErrors(ofMeters: reporting.meterIDs()) {
      context.warn(Self.words(error))
      if let report = reports.first(where: { $0.identifier == error.identifier }) {
        counts.fail(report)
      }
    }
    return .reported(counts, isStopped: Task.isCancelled)
  }

  private func scope(_ context: Context) async throws -> UsageReporting.Scope {
    var scope = UsageReporting.Scope()
    let now = try context.now()
    scope.until = until?.before(now)
    scope.endingBefore = endingWithin.map { now + $0 }
    if let reference { scope.customerID = try await context.mirroredCustomerID(reference) }
    return scope
  }

  /// With one customer named, what cannot be told of it is the answer; in a batch it fails beside
  /// the rest.
  private func refuse(_ work: UsageReporting.Work) throws {
    guard reference != nil, work.unreported.isEmpty, work.open.isEmpty,
      let impossible = work.impossible.first
    else { return }
    throw CommandError.conflict(
      "invalid_state", impossible.words, hint: "billing plans diff shows what differs at Stripe")
  }

  private func tell(_ work: UsageReporting.Work, _ context: Context) {
    for impossible in work.impossible { context.warn(impossible.words) }
    for late in work.late {
      context.warn(
        "\(late.value) \(late.segment.use.meter.id) of \(late.segment.use.customerID) came too late "
          + "for the period to \(late.segment.end.iso8601Date): its invoice is final")
    }
  }

  private static func words(_ error: MeterError) -> String {
    "Stripe did not count \(error.identifier): \(error.message) (\(error.code))"
  }
}

extension UsageReporting.Impossible {
  var words: String {
    let subject = "the use of \(use.meter.id) by \(use.customerID) cannot be reported: "
    return switch reason {
    case .noMeter(let price, let version):
      subject + "\(price) has no meter, and \(version) has no usage records"
    case .formula(let formula):
      subject
        + "Stripe's meter counts by \(formula), plans.yaml by \(use.meter.aggregation.rawValue)"
    case .window(let window):
      subject + "of several events of one \(window) Stripe's meter counts only the last"
    case .inactive: subject + "Stripe's meter is not active"
    }
  }
}

extension Context {
  func usageReporting(_ catalogue: Catalogue) async throws -> UsageReporting {
    UsageReporting(
      gateway: try await gateway(), catalogue: catalogue, clock: try now(),
      makeToken: world.makeToken)
  }
}
