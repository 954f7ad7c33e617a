import Basics

/// Whether Stripe counted what it was told: of one customer's meter in one billing period.
package struct UsageCheck: Sendable, Hashable {
  package var segment: UsageSegment
  /// What was used, told or not.
  package var used: Int64
  /// What Stripe was told.
  package var reported: Int64
  /// What Stripe counted; nil where that is no whole number.
  package var counted: Int64?

  package var agrees: Bool { reported == counted }
}

extension UsageReporting {
  /// The periods of which something was used or told, and whose price has a meter.
  package func segmentsToCheck(_ scope: Scope) throws -> [UsageSegment] {
    try gateway.store.read { transaction in
      try segments(scope, transaction).filter { segment in
        guard segment.use.stripeMeterID != nil else { return false }
        return try transaction.used(segment) != nil
          || transaction.lastReported(segment.use, from: segment.start, before: segment.end) != nil
      }
    }
  }

  /// Stripe sums up whole minutes, so the first and the last are taken whole on both sides.
  package func check(_ segment: UsageSegment) async throws -> UsageCheck {
    let use = segment.use
    let start = segment.start.seconds - segment.start.seconds % 60
    let end = (segment.end.seconds + 59) / 60 * 60
    let minutes = BillingPeriod(start: Timestamp(start), end: Timestamp(end))
    let (used, reported) = try gateway.store.read { transaction in
      let used = try transaction.used(segment).used(use.meter.aggregation)
      guard use.meter.aggregation == .last else {
        return (used, try transaction.reported(use, from: minutes.start, before: minutes.end))
      }
      let last = try transaction.lastReported(use, from: minutes.start, before: minutes.end)
      return (used, last?.value ?? 0)
    }
    let counted = try await counted(
      meterID: use.stripeMeterID ?? "", customerID: use.customerID, in: minutes)
    return UsageCheck(segment: segment, used: used, reported: reported, counted: counted)
  }
}
