import Basics
import BillingCore
import Stripe

/// Use of a period that a change is about to bill. What Stripe has not been told of it is reported
/// first: what Stripe hears of afterwards it bills nowhere.
///
/// Where that fails, or Stripe has not counted it yet, the change is refused: that costs another run,
/// and the other way the money would be lost.
struct ClosingUse {
  /// Stripe counts what it took a moment later.
  private static let pausesMilliseconds: [Int64] = [500, 1000, 2000, 4000, 8000, 8000]

  private let subscription: Subscription
  private let reporting: UsageReporting
  /// What can be done where the report fails.
  private let alternative: String
  private let context: Context

  /// Nil where nothing is metered, or nothing was used.
  init?(
    of subscription: Subscription, instead alternative: String, _ context: Context
  ) async throws {
    guard subscription.items.contains(where: { $0.price.recurring?.usageType == "metered" }),
      try context.store().read({ try $0.hasUse(ofCustomer: subscription.customerID) })
    else { return nil }
    self.subscription = subscription
    self.alternative = alternative
    self.context = context
    reporting = try await context.usageReporting(try context.catalogue())
  }

  private func plan() async throws -> UsageReporting.Work {
    let work = try await reporting.plan(closing: subscription.id, of: subscription.customerID)
    for impossible in work.impossible { context.warn(impossible.words) }
    return work
  }

  /// The requests that would report it. Says what a preview, which asks Stripe, does not have.
  func planned() async throws -> [StripeRequest] {
    let work = try await plan()
    let words = work.unreported.map { "\($0.value) \($0.segment.use.meter.id)" }
    if !words.isEmpty {
      let cost = try cost(of: work).map { ", for \($0) that Stripe's preview does not have" } ?? ""
      context.note(
        "Stripe was not told of \(words.joined(separator: " and ")): that is reported first, and "
          + "billed with the change\(cost)")
    }
    return try reporting.preview(work).map { $0.request }
  }

  private func cost(of work: UsageReporting.Work) throws -> String? {
    let overages = try Self.overages(of: subscription, context).filter { overage in
      work.unreported.contains { $0.segment == overage.segment }
    }
    let amounts = overages.compactMap { $0.unreportedAmount }
    guard amounts.count == work.unreported.count else { return nil }
    return MoneyText.of(amounts.reduce(0, +), subscription.currency)
  }

  // MARK: Reporting

  /// Reports all of it, and waits until Stripe has counted it. Throws where it cannot, with nothing
  /// changed but what was reported.
  func report() async throws {
    _ = try await reporting.takeInErrors(ofMeters: reporting.meterIDs())
    let reports = try reporting.prepare(await plan())
    var problem: CommandError?
    try await reporting.sendAll(reports) { report, outcome in
      problem = problem ?? failure(report, outcome)
    }
    if let problem { throw problem }
    try Task.checkCancellation()
    for error in try await reporting.takeInErrors(ofMeters: reporting.meterIDs()) {
      if let report = reports.first(where: { $0.identifier == error.identifier }) {
        throw refusal(of: report, because: error.message)
      }
    }
    try await waitUntilCounted()
  }

  private func waitUntilCounted() async throws {
    for pause in Self.pausesMilliseconds {
      if try await uncounted().isEmpty { return }
      try await context.world.pause(pause)
    }
    guard let meter = try await uncounted().first else { return }
    throw CommandError.conflict(
      "invalid_state",
      "Stripe took \(subject(meter.id)) and has not counted it yet, so nothing was changed",
      hint: "run it again in a minute; \(alternative)")
  }

  private func uncounted() async throws -> [MeterDefinition] {
    try await reporting.uncounted(closing: subscription.id, of: subscription.customerID)
  }

  private func failure(
    _ report: ReportedUse, _ outcome: UsageReporting.Outcome
  ) -> CommandError? {
    switch outcome {
    case .sent: return nil
    case .failed(let reason): return refusal(of: report, because: reason)
    case .unsent(let error):
      var words = error.explanation
      // It is written down, and Stripe knows it again.
      if case .outcomeUnknown(let failure) = error {
        words = StripeError.noAnswer(failure).explanation
      }
      words.message =
        "\(subject(report.meterID)) was not reported, so nothing was changed: \(words.message)"
      words.hint = "run it again: nothing is told twice; \(alternative)"
      return words
    }
  }

  private func refusal(of report: ReportedUse, because reason: String) -> CommandError {
    .conflict(
      "invalid_state",
      "\(subject(report.meterID)) cannot be reported, so nothing was changed: \(reason)",
      hint: "billing usage report tries it alone; \(alternative)")
  }

  private func subject(_ meterID: String) -> String {
    "the use of \(meterID) by \(subscription.customerID)"
  }
}

extension ClosingUse {
  /// Says what an end at once without a bill forgoes.
  static func tellUnbilled(of subscription: Subscription, _ context: Context) throws {
    let overages = try overages(of: subscription, context)
      .filter { ($0.amount ?? $0.used) > 0 }
    guard !overages.isEmpty else { return }
    let words = overages.map { "\($0.used) \($0.segment.use.meter.id)" }.joined(separator: " and ")
    let amounts = overages.compactMap { $0.amount }
    let cost =
      amounts.count == overages.count
      ? ", \(MoneyText.of(amounts.reduce(0, +), subscription.currency))" : ""
    context.note(
      "what was used in this period (\(words)\(cost)) is billed nowhere; --invoice-now bills it")
  }

  private static func overages(
    of subscription: Subscription, _ context: Context
  ) throws -> [PeriodOverage] {
    guard let catalogue = try context.catalogueForNames() else { return [] }
    let (clock, customerID) = (try context.now(), subscription.customerID)
    return try context.store().read { transaction in
      let now = try transaction.time(ofCustomer: customerID, at: clock)
      return try transaction.overages(of: customerID, at: now, in: catalogue, clock: clock)
    }.filter { $0.segment.use.subscriptionID == subscription.id }
  }
}
