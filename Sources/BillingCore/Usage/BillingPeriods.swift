package import Basics

/// A stretch of time for which one bill is made, or in which a limit is counted.
package struct BillingPeriod: Sendable, Hashable {
  package var start: Timestamp
  /// The first second that no longer belongs to it.
  package var end: Timestamp
  /// Nil for a month of the calendar.
  package var subscriptionID: String?

  package func contains(_ moment: Timestamp) -> Bool { start <= moment && moment < end }
}

/// The billing periods of one customer: those of its subscriptions, and between them the months of
/// the calendar (UTC), cut where a subscription begins or ends. So every moment is in exactly one.
package struct BillingPeriods: Sendable, Hashable {
  /// The periods of one subscription.
  struct History: Sendable, Hashable {
    var subscriptionID: String
    var from: Timestamp
    /// When it ended or will end; nil where no end is set.
    var until: Timestamp?
    /// How far one period is from the next; nil where that is not known.
    var step: TimeSpan?
    /// Those that were seen, in their order.
    var known: [BillingPeriod]
  }

  /// More steps than this from what is known lead nowhere.
  private static let maximumSteps = 5_000

  /// Where subscriptions run at the same time, the one that began first counts, so that nothing
  /// moves when another one is added.
  private let histories: [History]

  init(_ histories: [History]) {
    self.histories = histories.filter { !$0.known.isEmpty }
      .sorted { ($0.from, $0.subscriptionID) < ($1.from, $1.subscriptionID) }
  }

  package func period(at moment: Timestamp) -> BillingPeriod {
    for history in histories {
      if let period = history.period(at: moment, maximumSteps: Self.maximumSteps) { return period }
    }
    return month(at: moment)
  }

  /// The period before another one.
  package func period(before period: BillingPeriod) -> BillingPeriod {
    self.period(at: period.start - 1)
  }

  private func month(at moment: Timestamp) -> BillingPeriod {
    let start = moment.monthStart
    let ends = histories.compactMap { $0.until }.filter { $0 <= moment }
    let beginnings = histories.map { $0.from }.filter { $0 > moment }
    return BillingPeriod(
      start: max(start, ends.max() ?? start),
      end: min(start + TimeSpan(months: 1), beginnings.min() ?? .latest))
  }
}

extension BillingPeriods.History {
  /// The period in which a moment lies: one that was seen, else the next ones after it by the
  /// subscription's interval, or those before the first one.
  fileprivate func period(at moment: Timestamp, maximumSteps: Int) -> BillingPeriod? {
    guard moment >= from, until.map({ moment < $0 }) ?? true, let first = known.first else {
      return nil
    }
    let next = known.first { $0.start > moment }
    let end = [next?.start, until].compactMap { $0 }.min() ?? .latest
    guard let last = known.last(where: { $0.start <= moment }) else {
      return stepping(from: first.start, to: moment, maximumSteps).map {
        period(max($0, from), min($1, end))
      }
    }
    if moment < last.end { return period(last.start, min(last.end, end)) }
    return stepping(from: last.end, to: moment, maximumSteps).map { period($0, min($1, end)) }
  }

  /// Goes from a boundary, period by period, to the one in which a moment lies.
  private func stepping(
    from boundary: Timestamp, to moment: Timestamp, _ maximumSteps: Int
  ) -> (Timestamp, Timestamp)? {
    guard let step else { return nil }
    let sign = moment < boundary ? -1 : 1
    var near = boundary
    for count in 1...maximumSteps {
      // Always from the boundary, so that the 31st is not forgotten in February.
      let far =
        boundary
        + TimeSpan(months: step.months * count * sign, seconds: step.seconds * Int64(count * sign))
      if sign < 0 ? moment >= far : moment < far { return (min(near, far), max(near, far)) }
      near = far
    }
    return nil
  }

  private func period(_ start: Timestamp, _ end: Timestamp) -> BillingPeriod {
    BillingPeriod(start: start, end: end, subscriptionID: subscriptionID)
  }
}

extension BillingPeriods.History {
  /// Nil for a subscription that never ran, which is billed for nothing.
  init?(_ row: SubscriptionRow, known: [BillingPeriod]) {
    guard row.isBilled else { return nil }
    self.init(
      subscriptionID: row.id, from: min(row.created, known.first?.start ?? row.created),
      until: row.endedAt ?? row.endsAt, step: row.step, known: known)
  }
}

extension SubscriptionRow {
  /// From one period to the next; nil where the interval is not known.
  fileprivate var step: TimeSpan? {
    guard let unit = interval.flatMap({ BillingInterval.Unit(rawValue: $0) }) else { return nil }
    let count = intervalCount ?? 1
    return switch unit {
    case .day: TimeSpan(seconds: Int64(count) * 86_400)
    case .week: TimeSpan(seconds: Int64(count) * 604_800)
    case .month: TimeSpan(months: count)
    case .year: TimeSpan(months: 12 * count)
    }
  }
}
