package import Basics

/// A stretch of time in which a subscription gives the rights of its plan.
///
/// Provisioned in the transaction of the transition that causes it. Limits and features are not in
/// it: they are the catalogue's at the moment of the decision.
package struct Entitlement: Sendable, Hashable {
  package var customerID: String
  package var subscriptionID: String
  /// As the catalogue named it when the stretch began; nil for a product that it does not know.
  package var planID: String?
  package var from: Timestamp
  /// When it ends, or ended; nil where no end is set.
  package var until: Timestamp?
  /// Since when a payment is due; the days of grace count from here.
  package var pastDueSince: Timestamp?
  /// The operation or event that brought it about.
  package var cause: String?
}

extension Entitlement {
  /// The statuses that give rights; one that is past due gives them through the days of grace.
  package static let grantingStatuses = ["active", "trialing", "past_due"]

  /// What a new state of a subscription makes of its stretches.
  struct Succession: Sendable, Hashable {
    /// The stretch that was open, where something of it changes.
    var open: Entitlement?
    /// The stretch that begins.
    var begun: Entitlement?
  }

  /// Compares a subscription's new state with the stretch that is open. A change of plan, and a
  /// payment that falls due or is made, ends one stretch and begins another; a cancellation at the
  /// period's end only sets the end, and taking it back removes it.
  static func following(
    _ open: Entitlement?, _ row: SubscriptionRow, at moment: Timestamp, cause: String?,
    isNew: Bool = false
  ) -> Succession {
    guard grantingStatuses.contains(row.status) else {
      guard var ended = open else { return Succession() }
      let end = min(row.endedAt ?? moment, ended.until ?? .latest)
      ended.until = max(end, ended.from)
      return Succession(open: ended)
    }
    let next = Entitlement(
      customerID: row.customerID, subscriptionID: row.id, planID: row.plan,
      from: isNew ? min(row.created, moment) : moment, until: row.endsAt,
      pastDueSince: pastDueSince(open, row, at: moment, isNew: isNew), cause: cause)
    guard var open else { return Succession(begun: next) }
    if open.planID == next.planID, open.pastDueSince == next.pastDueSince {
      guard open.until != next.until else { return Succession() }
      open.until = next.until
      return Succession(open: open)
    }
    open.until = max(moment, open.from)
    return Succession(open: open, begun: next)
  }

  /// A subscription that is past due when it is first heard of has been so since its period began,
  /// as far as can be known.
  static func pastDueSince(
    _ open: Entitlement?, _ row: SubscriptionRow, at moment: Timestamp, isNew: Bool
  ) -> Timestamp? {
    guard row.status == "past_due" else { return nil }
    if let since = open?.pastDueSince { return since }
    return isNew ? min(moment, max(row.created, row.currentPeriodStart ?? row.created)) : moment
  }

  /// When the rights end by what is known now: at the end that is set, or when the days of grace
  /// are over, whichever is first.
  package func lapse(graceDays: Int) -> Timestamp? {
    let grace = pastDueSince.map { $0 + Int64(graceDays) * 86_400 }
    return [until, grace].compactMap { $0 }.min()
  }
}
