import Basics

/// Use that is reported because a change is about to bill what was used so far.
extension UsageReporting {
  /// What is to be reported before: of the subscription's period that runs. What was used in those
  /// before it is billed with them.
  package func plan(closing subscriptionID: String, of customerID: String) async throws -> Work {
    let now = try time(of: customerID)
    var work = try await plan(Scope(customerID: customerID))
    work.unreported = work.unreported.filter { $0.segment.isRunning(of: subscriptionID, at: now) }
    work.impossible = work.impossible.filter { $0.use.subscriptionID == subscriptionID }
    work.late = []
    return work
  }

  /// The meters of which Stripe has not counted yet all that it was told of the period that runs, so
  /// that a bill of this moment would lack it.
  package func uncounted(closing subscriptionID: String, of customerID: String) async throws
    -> [MeterDefinition]
  {
    let now = try time(of: customerID)
    let segments = try segmentsToCheck(Scope(customerID: customerID))
      .filter { $0.isRunning(of: subscriptionID, at: now) }
    return try await checkAll(segments).filter { !$0.isCounted }.map { $0.segment.use.meter }
  }

  /// What was used before a change that billed what had been used so far, and is known only since.
  func lateUse(_ scope: Scope, _ transaction: Transaction) throws -> [UnreportedUse] {
    guard scope.endingBefore == nil else { return [] }
    return try transaction.billedUses(in: catalogue, ofCustomer: scope.customerID).compactMap {
      let now = try transaction.time(ofCustomer: $0.customerID, at: clock)
      return try transaction.late(before: $0, at: now)
    }
  }

  private func time(of customerID: String) throws -> Timestamp {
    try gateway.store.read { try $0.time(ofCustomer: customerID, at: clock) }
  }
}

extension Transaction {
  /// An item that began within the subscription's life took the place of another one, where anything
  /// was told of the time before it: the bill of that is final. Nil where all was told.
  fileprivate func late(before use: BilledUse, at now: Timestamp) throws -> UnreportedUse? {
    let period = try billingPeriods(ofCustomer: use.customerID).period(at: use.from - 1)
    guard period.subscriptionID == use.subscriptionID, use.meter.aggregation != .last,
      use.from > now - UsageEvent.daysBack * 86_400,
      try lastReported(use, from: period.start, before: use.from) != nil,
      let total = try usage(
        of: use.meter.id, by: use.customerID, from: period.start, before: use.from)
    else { return nil }
    let missing =
      total.used(use.meter.aggregation)
      - (try reported(use, from: period.start, before: use.from))
    guard missing > 0 else { return nil }
    let segment = UsageSegment(use: use, period: period, start: period.start, end: use.from)
    return UnreportedUse(
      segment: segment, value: missing, at: total.lastAt, coversTo: total.lastAt + 1)
  }
}

extension UsageSegment {
  fileprivate func isRunning(of subscriptionID: String, at now: Timestamp) -> Bool {
    use.subscriptionID == subscriptionID && start <= now && now < end
  }
}

extension UsageCheck {
  /// Others may have told Stripe more than we did.
  fileprivate var isCounted: Bool {
    guard let counted else { return true }
    return segment.use.meter.aggregation == .last ? counted == reported : counted >= reported
  }
}
