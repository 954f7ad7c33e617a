package import Basics

/// What was used in a billing period and Stripe has not been told.
package struct UnreportedUse: Sendable, Hashable {
  package var segment: UsageSegment
  /// Of a meter that keeps the last: what is used.
  package var value: Int64
  /// Under which moment Stripe counts it: of the last use, as far as Stripe goes back.
  package var at: Timestamp
  package var coversTo: Timestamp
}

extension Transaction {
  /// Nil where Stripe knows all.
  ///
  /// - Parameter until: what was used from then on is left for later.
  package func unreported(
    _ segment: UsageSegment, until: Timestamp? = nil, at now: Timestamp
  ) throws -> UnreportedUse? {
    let use = segment.use
    let end = min(segment.end, until ?? segment.end)
    guard segment.start < end, let total = try used(segment, before: end) else { return nil }
    // A minute is left for the way to Stripe.
    let oldest = now - UsageEvent.daysBack * 86_400 + 60
    let at = min(max(total.lastAt, oldest), segment.end - 1)
    let value: Int64
    if use.meter.aggregation == .last {
      let last = try lastReported(use, from: segment.start, before: segment.end)
      if let last, last.at >= total.lastAt, last.value == total.lastQuantity { return nil }
      value = total.lastQuantity
    } else {
      value = try missing(segment, total.used(use.meter.aggregation), before: end)
      guard value > 0 else { return nil }
    }
    return UnreportedUse(segment: segment, value: value, at: at, coversTo: total.lastAt + 1)
  }

  /// What was used in the part of a period that an item bills; nil for nothing.
  package func used(_ segment: UsageSegment, before end: Timestamp? = nil) throws -> UsageTotal? {
    let use = segment.use
    let end = end ?? segment.end
    if segment.isWhole, end == segment.end {
      return try usage(of: use.meter.id, by: use.customerID, in: segment.period)
    }
    return try usage(of: use.meter.id, by: use.customerID, from: segment.start, before: end)
  }

  /// How much more was used than was told. Where a period was cut in two after a report that tells of
  /// both parts, the two together count, so that nothing is told twice.
  private func missing(
    _ segment: UsageSegment, _ used: Int64, before end: Timestamp
  ) throws -> Int64 {
    let use = segment.use
    let known = try reported(use, from: segment.start, before: segment.end)
    let missing = used - known
    guard missing > 0,
      let covered = try covered(use, from: segment.start, before: segment.end),
      covered.start < segment.start || covered.end > segment.end
    else { return missing }
    let (start, end) = (min(covered.start, segment.start), max(covered.end, end))
    let together = try usage(of: use.meter.id, by: use.customerID, from: start, before: end)
      .used(use.meter.aggregation)
    return min(missing, together - (try reported(use, from: start, before: end)))
  }
}
