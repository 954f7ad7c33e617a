package import Basics
package import Stripe

/// Tells Stripe what was used: first it is written down what will be told, then it is sent, and then
/// that Stripe took it. Whatever happens in between, the next run goes on there.
package struct UsageReporting: Sendable {
  /// Of whose use, and of which.
  package struct Scope: Sendable {
    package var customerID: String?
    /// What was used from then on is left for later.
    package var until: Timestamp?
    /// Only of periods that end before; those that are over among them.
    package var endingBefore: Timestamp?

    package init(
      customerID: String? = nil, until: Timestamp? = nil, endingBefore: Timestamp? = nil
    ) {
      (self.customerID, self.until, self.endingBefore) = (customerID, until, endingBefore)
    }
  }

  /// What is to be sent, and what cannot be.
  package struct Work: Sendable {
    package var scope: Scope
    /// Written down by an earlier run, and perhaps sent.
    package var open: [ReportedUse] = []
    package var unreported: [UnreportedUse] = []
    /// Stripe's meters, by their ids.
    package var meters: [String: Meter] = [:]
    /// Of how many customers' periods Stripe knows all, by the meter.
    package var known: [String: Int] = [:]
    /// What was used in periods that are billed already: Stripe would take it, and never bill it.
    package var late: [UnreportedUse] = []
    package var impossible: [Impossible] = []
  }

  /// Use that cannot be told to Stripe.
  package struct Impossible: Sendable, Hashable {
    package enum Reason: Sendable, Hashable {
      /// The price has no meter, and this version has no usage records.
      case noMeter(priceID: String, apiVersion: String)
      /// Stripe's meter counts in another way.
      case formula(stripe: String)
      /// Of several events of one hour or day Stripe counts only the last.
      case window(String)
      case inactive
    }

    package let use: BilledUse
    package let reason: Reason
  }

  package enum Outcome: Sendable, Hashable {
    case sent
    case failed(String)
    /// It stays written down, and the next run sends it.
    case unsent(StripeError)
  }

  /// Of a meter that counts events there is one call for each; what is more waits for the next run.
  static let maximumEvents: Int64 = 10_000
  /// Stripe knows an identifier, and an idempotency key, for at least 24 hours.
  static let identifierSeconds: Int64 = 23 * 3600

  let gateway: StripeGateway
  let catalogue: Catalogue
  let clock: Timestamp
  private let makeToken: @Sendable (Int) -> String

  package init(
    gateway: StripeGateway, catalogue: Catalogue, clock: Timestamp,
    makeToken: @escaping @Sendable (Int) -> String
  ) {
    self.gateway = gateway
    self.catalogue = catalogue
    self.clock = clock
    self.makeToken = makeToken
  }

  // MARK: Planning

  /// What is to be told, in the order of the customers' subscriptions; it is not written down yet.
  package func plan(_ scope: Scope) async throws -> Work {
    var (work, candidates) = (Work(scope: scope), [UnreportedUse]())
    try gateway.store.read { transaction in
      work.open = try transaction.openUsageReports(ofCustomer: scope.customerID)
      let open = Set(work.open.map { $0.series })
      for segment in try segments(scope, transaction) {
        if let found = try unreported(segment, scope, transaction) {
          candidates.append(found)
        } else if try transaction.used(segment) != nil,
          !open.contains("\(segment.use.customerID) \(segment.use.meter.id)")
        {
          work.known[segment.use.meter.id, default: 0] += 1
        }
      }
      work.late = try lateUse(scope, transaction)
    }
    work.meters = try await meters(of: candidates)
    let late = try await lateUse(candidates)
    for candidate in candidates {
      if late.contains(candidate) {
        work.late.append(candidate)
      } else if let reason = impossible(candidate, work.meters) {
        work.impossible.append(Impossible(use: candidate.segment.use, reason: reason))
      } else {
        work.unreported.append(candidate)
      }
    }
    return work
  }

  private func unreported(
    _ segment: UsageSegment, _ scope: Scope, _ transaction: Transaction
  ) throws -> UnreportedUse? {
    let now = try transaction.time(ofCustomer: segment.use.customerID, at: clock)
    return try transaction.unreported(segment, until: scope.until, at: now)
  }

  func segments(_ scope: Scope, _ transaction: Transaction) throws -> [UsageSegment] {
    try transaction.billedUses(in: catalogue, ofCustomer: scope.customerID).flatMap { use in
      let now = try transaction.time(ofCustomer: use.customerID, at: clock)
      let periods = try transaction.billingPeriods(ofCustomer: use.customerID)
      return use.segments(in: periods, at: now).filter { segment in
        scope.endingBefore.map { segment.end <= $0 } ?? true
      }
    }
  }

  /// The meters at Stripe, by their ids.
  private func meters(of candidates: [UnreportedUse]) async throws -> [String: Meter] {
    var meters: [String: Meter] = [:]
    for id in Set(candidates.compactMap { $0.segment.use.stripeMeterID }).sorted() {
      meters[id] = try Meter(await gateway.read(StripePath("billing", "meters", id)))
    }
    return meters
  }

  private func lateUse(_ candidates: [UnreportedUse]) async throws -> Set<UnreportedUse> {
    var late: Set<UnreportedUse> = []
    try await Self.atOnce(candidates) { candidate in
      try await isLate(candidate) ? candidate : nil
    } done: { candidate in
      if let candidate { late.insert(candidate) }
    }
    return late
  }

  /// Whether the period's invoice is final, or none will come.
  private func isLate(_ candidate: UnreportedUse) async throws -> Bool {
    let (segment, use) = (candidate.segment, candidate.segment.use)
    let now = try gateway.store.read { try $0.time(ofCustomer: use.customerID, at: clock) }
    guard segment.end <= now else { return false }
    let invoices = try await gateway.list(
      StripePath("invoices"),
      [
        "subscription": .string(use.subscriptionID),
        "created": ["gte": .integer(segment.end.seconds)],
      ]
    ).objects.map { try Invoice($0) }
    guard let billing = invoices.min(by: { $0.created < $1.created }) else { return use.hasEnded }
    // A usage record is taken in the period itself alone.
    return billing.status != "draft" || use.stripeMeterID == nil
  }

  private func impossible(
    _ candidate: UnreportedUse, _ meters: [String: Meter]
  ) -> Impossible.Reason? {
    let use = candidate.segment.use
    guard let meter = use.stripeMeterID.flatMap({ meters[$0] }) else {
      let version = gateway.client.configuration.apiVersion
      // Usage records went with 2025-03-31.basil.
      return version.prefix(10) < "2025-03-31"
        ? nil : .noMeter(priceID: use.price.id, apiVersion: version)
    }
    if let window = meter.eventTimeWindow { return .window(window) }
    guard meter.status == "active" else { return .inactive }
    switch (use.meter.aggregation, meter.aggregationFormula) {
    case (.sum, "sum"), (.count, "sum"), (.count, "count"), (.last, "last"): return nil
    case (_, let formula): return .formula(stripe: formula)
    }
  }

  /// One call for all that is unreported, but to a meter that counts the calls themselves.
  private func reports(
    of unreported: UnreportedUse, _ meters: [String: Meter], _ transaction: Transaction
  ) throws -> [ReportedUse] {
    let use = unreported.segment.use
    guard let meter = use.stripeMeterID.flatMap({ meters[$0] }) else {
      let before =
        use.meter.aggregation == .last
        ? 0 : try transaction.reported(use, from: unreported.at, before: unreported.at + 1)
      return [.usageRecord(identifier(), unreported, before: before, createdAt: clock)]
    }
    guard meter.aggregationFormula == "count" else {
      return [
        .meterEvent(
          identifier(), unreported, to: meter, value: unreported.value, createdAt: clock)
      ]
    }
    return (0..<min(unreported.value, Self.maximumEvents)).map { _ in
      .meterEvent(identifier(), unreported, to: meter, value: 1, createdAt: clock)
    }
  }

  private func identifier() -> String { "use_\(makeToken(24))" }

  // MARK: Sending

  /// Writes down what will be sent, and gives it with what was written down before. What is
  /// unreported is counted again here, since another process may have told it meanwhile.
  package func prepare(_ work: Work) throws -> [ReportedUse] {
    try gateway.store.write { transaction in
      let new = try work.unreported.compactMap {
        try unreported($0.segment, work.scope, transaction)
      }.flatMap { try reports(of: $0, work.meters, transaction) }
      for report in new { try transaction.insert(report) }
      return work.open + new
    }
  }

  /// What `prepare` would give, with nothing written down.
  package func preview(_ work: Work) throws -> [ReportedUse] {
    try gateway.store.read { transaction in
      work.open + (try work.unreported.flatMap { try reports(of: $0, work.meters, transaction) })
    }
  }

  /// Sends one, or finds out that it was taken before.
  package func send(_ report: ReportedUse) async throws -> Outcome {
    let outcome: Outcome
    do {
      outcome = try await answer(to: report)
    } catch let error as StripeError {
      return .unsent(error)
    }
    switch outcome {
    case .sent:
      try gateway.store.write { _ = try $0.settleUsageReport(report.identifier, as: .sent) }
    case .failed(let reason):
      try gateway.store.write {
        _ = try $0.settleUsageReport(report.identifier, as: .failed, error: reason)
      }
    case .unsent: break
    }
    return outcome
  }

  private func answer(to report: ReportedUse) async throws -> Outcome {
    if clock - report.createdAt > Self.identifierSeconds, try await hasArrived(report) {
      return .sent
    }
    do throws(StripeError) {
      _ = try await gateway.client.send(report.request)
      return .sent
    } catch {
      guard case .refused(let refusal) = error else { return .unsent(error) }
      // Stripe has it: the answer was lost, and the key is forgotten.
      if refusal.message.contains("already exists with identifier") { return .sent }
      return .failed(refusal.message)
    }
  }

  /// Whether Stripe took a call of which it no longer knows the identifier, by what it counted in
  /// the minute of it. What keeps the last, or sets, may be sent again.
  private func hasArrived(_ report: ReportedUse) async throws -> Bool {
    guard report.kind == .meterEvent, let meter = catalogue.meter(report.meterID),
      meter.aggregation != .last
    else { return false }
    let start = Timestamp(report.at.seconds - report.at.seconds % 60)
    let minute = BillingPeriod(start: start, end: start + 60)
    let counted = try await counted(
      meterID: report.targetID, customerID: report.customerID, in: minute)
    let sent = try gateway.store.read {
      try $0.sent(to: report.targetID, ofCustomer: report.customerID, in: minute)
    }
    return counted.map { $0 >= sent + report.value } ?? false
  }
}
