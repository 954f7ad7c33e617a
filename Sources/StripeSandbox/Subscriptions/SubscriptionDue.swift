import Basics

/// What time does to a subscription: a list of small obligations, each with its moment.
///
/// Of what falls due at the same moment the first of the list is done first.
enum SubscriptionDue {
  struct Obligation: Sendable {
    /// When it is to be done; nil for never, and once it has been done.
    let moment: @Sendable (JSONObject) -> Timestamp?
    /// Does it at `call.now`; afterwards it has another moment, or none.
    let run: @Sendable (Call, JSONObject) throws -> Void

    init(
      at moment: @escaping @Sendable (JSONObject) -> Timestamp?,
      _ run: @escaping @Sendable (Call, JSONObject) throws -> Void
    ) {
      self.moment = moment
      self.run = run
    }
  }

  static let obligations: [Obligation] = [
    Obligation(at: SubscriptionExpiry.moment, SubscriptionExpiry.run),
    Obligation(at: PendingUpdate.expiry, PendingUpdate.expire),
    Obligation(at: SubscriptionEnd.moment, SubscriptionEnd.run),
    Obligation(at: SubscriptionPause.resumption, SubscriptionPause.resume),
    Obligation(at: SubscriptionNotices.trialWillEnd, SubscriptionNotices.tellTrialWillEnd),
    Obligation(at: SubscriptionNotices.upcoming, SubscriptionNotices.tellUpcoming),
    Obligation(at: SubscriptionCycle.end, SubscriptionCycle.run),
  ]

  static let due = Due(
    .subscription,
    moment: { subscription in next(of: subscription)?.moment },
    run: { call, subscription in try next(of: subscription)?.obligation.run(call, subscription) })

  private static func next(
    of subscription: JSONObject
  ) -> (moment: Timestamp, obligation: Obligation)? {
    guard !SubscriptionStatus.isTerminal(subscription) else { return nil }
    var next: (moment: Timestamp, obligation: Obligation)?
    for obligation in obligations {
      guard let moment = obligation.moment(subscription) else { continue }
      if next.map({ moment < $0.moment }) ?? true { next = (moment, obligation) }
    }
    return next
  }
}
