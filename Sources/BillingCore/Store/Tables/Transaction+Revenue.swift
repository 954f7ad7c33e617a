import Basics
import GRDB
import Stripe

/// What subscriptions brought, and when.
extension Transaction {
  /// Writes down what a subscription brings from now on, where that is different.
  func recordRevenue(of subscription: Subscription, planID: String?, toldAt: Timestamp) throws {
    let history = RevenueHistory(
      RecurringRevenue(subscription: subscription, reductions: try reductions(of: subscription)),
      planID: planID, toldAt: toldAt)
    let known = try stretches(subscription.customerID, subscription.id, after: history.moment)
    guard let told = history.stretches(after: known), let from = told.first?.from else { return }
    if known.contains(where: { $0.from >= from }) {
      try database.cachedStatement(
        sql: """
          DELETE FROM revenue_stretches WHERE customer = ? AND subscription = ? AND from_at >= ?
          """
      ).execute(binding: subscription.customerID, subscription.id, from)
    }
    if known.contains(where: { $0.from < from && $0.until > from }) {
      try database.cachedStatement(
        sql: """
          UPDATE revenue_stretches SET until_at = ?3, updated_at = ?4
          WHERE customer = ?1 AND subscription = ?2 AND until_at > ?3
          """
      ).execute(binding: subscription.customerID, subscription.id, from, now)
    }
    for stretch in told { try append(stretch, of: subscription) }
  }

  /// The same of a subscription whose discount was told later than itself.
  func recordRevenue(ofSubscription id: String, toldAt: Timestamp) throws {
    guard let json = try objectJSON(id), let row = try subscription(id) else { return }
    try recordRevenue(
      of: Subscription(json), planID: row.plan ?? row.productID, toldAt: toldAt)
  }

  private func append(_ stretch: RevenueStretch, of subscription: Subscription) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO revenue_stretches (customer, subscription, from_at, until_at, status, plan,
          currency, yearly_amount, trial_ended_at, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(
      binding: subscription.customerID, subscription.id, stretch.from, stretch.until,
      stretch.status, stretch.planID, stretch.currency, stretch.yearlyAmount, stretch.trialEndedAt,
      now, now)
  }

  /// The stretches of a subscription, in order.
  package func revenueStretches(ofSubscription id: String) throws -> [RevenueStretch] {
    guard let row = try subscription(id) else { return [] }
    return try stretches(row.customerID, id, after: .earliest)
  }

  private func stretches(
    _ customerID: String, _ subscriptionID: String, after moment: Timestamp
  ) throws -> [RevenueStretch] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT from_at, until_at, status, plan, currency, yearly_amount, trial_ended_at
        FROM revenue_stretches WHERE customer = ? AND subscription = ? AND until_at > ?
        ORDER BY from_at
        """)
    return try statement.rows(binding: customerID, subscriptionID, moment) {
      RevenueStretch(
        from: try $0[0], until: try $0[1], status: try $0[2], planID: try $0[3],
        currency: try $0[4], yearlyAmount: try $0[5], trialEndedAt: try $0[6])
    }
  }

  // MARK: Discounts

  private func reductions(of subscription: Subscription) throws -> [RecurringRevenue.Reduction] {
    var found: [RecurringRevenue.Reduction] = []
    for item in subscription.items {
      for id in item.discountIDs {
        found += try reduction(discount(id), itemID: item.id).map { [$0] } ?? []
      }
    }
    for discount in subscription.discounts {
      let isWhole = discount.percentOff != nil || discount.amountOff != nil
      let whole = isWhole ? discount : try discount.id.flatMap { try self.discount($0) }
      found += reduction(whole, itemID: nil).map { [$0] } ?? []
    }
    return found
  }

  private func reduction(_ discount: Discount?, itemID: String?) -> RecurringRevenue.Reduction? {
    guard let discount, discount.duration != "once" else { return nil }
    return RecurringRevenue.Reduction(
      itemID: itemID, percentOff: discount.percentOff, amountOff: discount.amountOff,
      end: discount.end)
  }

  private func discount(_ id: String) throws -> Discount? {
    try discountJSON(id).map { try Discount($0) }
  }
}
