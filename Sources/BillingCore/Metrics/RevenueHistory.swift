import Basics
import Stripe

/// Goes on with the stretches of a subscription when something is told of it.
struct RevenueHistory {
  let revenue: RecurringRevenue
  let planID: String?
  /// When what is told became so.
  let moment: Timestamp

  private var subscription: Subscription { revenue.subscription }
  private var status: String { subscription.status.rawValue }

  /// - Parameter toldAt: when it was told, by Stripe's clock; an end is known to the second.
  init(_ revenue: RecurringRevenue, planID: String?, toldAt: Timestamp) {
    self.revenue = revenue
    self.planID = planID
    let hasEnded = Self.endedStatuses.contains(revenue.subscription.status.rawValue)
    let end = hasEnded ? revenue.subscription.endedAt : nil
    moment = min(end ?? toldAt, toldAt)
  }

  /// What replaces all that was known from the first of these stretches' beginning on; nil where
  /// nothing is different.
  ///
  /// - Parameter known: the stretches that end after `moment`, in order; none for a subscription
  ///   that was never told of, whose past is then taken from its own dates.
  func stretches(after known: [RevenueStretch]) -> [RevenueStretch]? {
    guard var current = known.first else { return firstStretches }
    let from = max(moment, current.from)
    var ended = current.trialEndedAt
    if current.status == "trialing", status != "trialing" { ended = from }
    if status == "trialing" { ended = nil }
    let told = stretches(status, from: from, until: .latest, trialEndedAt: ended)
    current.from = from
    return told == [current] + known.dropFirst() ? nil : told
  }

  private var firstStretches: [RevenueStretch] {
    let phases = firstPhases
    var ended: Timestamp?
    var result: [RevenueStretch] = []
    for (index, phase) in phases.enumerated() {
      if index > 0, phases[index - 1].status == "trialing" { ended = phase.from }
      let until = index + 1 < phases.count ? phases[index + 1].from : .latest
      result += stretches(phase.status, from: phase.from, until: until, trialEndedAt: ended)
    }
    return result
  }

  /// What a subscription's dates tell of its past: a trial, then a life that was paid for, then what
  /// it is now, which for a payment that is due began with the period.
  private var firstPhases: [(from: Timestamp, status: String)] {
    let start = subscription.created
    guard !["incomplete", "incomplete_expired", "trialing"].contains(status) else {
      return [(start, status)]
    }
    var phases: [(from: Timestamp, status: String)] = []
    let trialEnd = subscription.trialEnd.map { min($0, moment) } ?? start
    if trialEnd > start { phases.append((start, "trialing")) }
    phases.append((max(start, trialEnd), "active"))
    let since = Self.endedStatuses.contains(status) ? moment : subscription.currentPeriodStart
    if status != "active" {
      phases.append((max(since ?? start, phases[phases.count - 1].from), status))
    }
    return phases.enumerated().filter { index, phase in
      index + 1 == phases.count || phase.from < phases[index + 1].from
    }.map { $0.element }
  }

  /// One status, in parts where a discount runs out within it.
  private func stretches(
    _ status: String, from: Timestamp, until: Timestamp, trialEndedAt: Timestamp?
  ) -> [RevenueStretch] {
    let pays = RecurringRevenue.payingStatuses.contains(status)
    let ends = pays ? revenue.ends(after: from).filter { $0 < until } : []
    let starts = [from] + ends
    return zip(starts, ends + [until]).map { start, end in
      RevenueStretch(
        from: start, until: end, status: status, planID: planID,
        currency: subscription.currency,
        yearlyAmount: pays ? revenue.yearlyAmount(at: start) : 0, trialEndedAt: trialEndedAt)
    }
  }

  private static let endedStatuses: Set<String> = ["canceled", "incomplete_expired"]
}
