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
    let owner: [any DatabaseValueConvertible] = [subscription.customerID, subscription.id]
    let known = try stretches(owner, after: history.moment)
    guard let told = history.stretches(after: known), let from = told.first?.from else { return }
    try database.cachedStatement(
      sql: "DELETE FROM revenue_stretches WHERE customer = ? AND subscription = ? AND from_at >= ?"
    ).execute(arguments: StatementArguments(owner + [from]))
    try database.cachedStatement(
      sql: """
        UPDATE revenue_stretches SET until_at = ?3, updated_at = ?4
        WHERE customer = ?1 AND subscription = ?2 AND until_at > ?3
        """
    ).execute(arguments: StatementArguments(owner + [from, now]))
    for stretch in told { try append(stretch, of: owner) }
  }

  /// The same of a subscription whose discount was told later than itself.
  func recordRevenue(ofSubscription id: String, toldAt: Timestamp) throws {
    guard let json = try objectJSON(id), let row = try subscription(id) else { return }
    try recordRevenue(
      of: Subscription(json), planID: row.plan ?? row.productID, toldAt: toldAt)
  }

  private func append(
    _ stretch: RevenueStretch, of owner: [any DatabaseValueConvertible]
  ) throws {
    let values: [(any DatabaseValueConvertible)?] = [
      stretch.from, stretch.until, stretch.status, stretch.planID, stretch.currency,
      stretch.yearlyAmount, stretch.trialEndedAt, now, now,
    ]
    try database.cachedStatement(
      sql: """
        INSERT INTO revenue_stretches (customer, subscription, from_at, until_at, status, plan,
          currency, yearly_amount, trial_ended_at, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: StatementArguments(owner) + StatementArguments(values))
  }

  /// The stretches of a subscription, in order.
  package func revenueStretches(ofSubscription id: String) throws -> [RevenueStretch] {
    guard let row = try subscription(id) else { return [] }
    return try stretches([row.customerID, id], after: .earliest)
  }

  private func stretches(
    _ owner: [any DatabaseValueConvertible], after moment: Timestamp
  ) throws -> [RevenueStretch] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT from_at, until_at, status, plan, currency, yearly_amount, trial_ended_at
        FROM revenue_stretches WHERE customer = ? AND subscription = ? AND until_at > ?
        ORDER BY from_at
        """)
    return try Row.fetchAll(statement, arguments: StatementArguments(owner + [moment])).map {
      RevenueStretch(
        from: $0[0], until: $0[1], status: $0[2], planID: $0[3], currency: $0[4],
        yearlyAmount: $0[5], trialEndedAt: $0[6])
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
