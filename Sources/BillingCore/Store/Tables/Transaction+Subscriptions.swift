import Basics
import GRDB
import Stripe

extension Transaction {
  /// - Parameter old: the row that stood there.
  func putSubscription(
    _ row: SubscriptionRow, after old: SubscriptionRow?, items: [SubscriptionItem]
  ) throws {
    try upsert(
      "subscriptions", key: "id", fixed: ["customer", "created"],
      [
        "id": row.id, "customer": row.customerID, "status": row.status, "plan": row.plan,
        "product": row.productID, "price": row.priceID, "quantity": row.quantity,
        "currency": row.currency, "interval": row.interval,
        "interval_count": row.intervalCount, "unit_amount": row.unitAmount,
        "current_period_start": row.currentPeriodStart,
        "current_period_end": row.currentPeriodEnd, "trial_end": row.trialEnd,
        "cancel_at_period_end": row.cancelAtPeriodEnd, "cancel_at": row.cancelAt,
        "canceled_at": row.canceledAt, "ended_at": row.endedAt,
        "pause_behavior": row.pauseBehavior, "pause_resumes_at": row.pauseResumesAt,
        "latest_invoice": row.latestInvoiceID, "created": row.created,
      ])
    if old != nil { try removeItems(of: row.id, but: items.map { $0.id }) }
    for item in items { try putItem(item, of: row.id) }
  }

  private func removeItems(of subscriptionID: String, but kept: [String]) throws {
    let places = kept.map { _ in "?" }.joined(separator: ", ")
    try database.cachedStatement(
      sql: "DELETE FROM subscription_items WHERE subscription = ? AND id NOT IN (\(places))"
    ).execute(arguments: [subscriptionID] + StatementArguments(kept))
  }

  private func putItem(_ item: SubscriptionItem, of subscriptionID: String) throws {
    let recurring = item.price.recurring
    try upsert(
      "subscription_items", key: "id", fixed: ["subscription"],
      [
        "id": item.id, "subscription": subscriptionID, "price": item.price.id,
        "product": item.price.productID, "meter": recurring?.meterID,
        "usage_type": recurring?.usageType, "quantity": item.quantity,
        "interval": recurring?.interval.rawValue, "interval_count": recurring?.intervalCount,
        "unit_amount": item.price.unitAmount, "current_period_start": item.currentPeriodStart,
        "current_period_end": item.currentPeriodEnd,
      ])
  }

  package func subscription(_ id: String) throws -> SubscriptionRow? {
    try subscriptions(where: "id = ?", [id]).first
  }

  /// A customer's subscriptions, the newest first.
  package func subscriptions(ofCustomer customerID: String) throws -> [SubscriptionRow] {
    try subscriptions(where: "customer = ? ORDER BY created DESC, id DESC", [customerID])
  }

  /// All subscriptions, newest first; of one status where one is given.
  package func subscriptions(status: String?, limit: Int?) throws -> [SubscriptionRow] {
    let order = "ORDER BY created DESC, id DESC LIMIT ?"
    return if let status {
      try subscriptions(where: "status = ? \(order)", [status, limit ?? -1])
    } else {
      try subscriptions(where: "1 \(order)", [limit ?? -1])
    }
  }

  private func subscriptions(
    where condition: String, _ arguments: StatementArguments
  ) throws -> [SubscriptionRow] {
    let statement = try database.cachedStatement(
      sql: "SELECT \(SubscriptionRow.columns) FROM subscriptions WHERE \(condition)")
    return try Row.fetchAll(statement, arguments: arguments).map(SubscriptionRow.init(row:))
  }
}

extension SubscriptionRow {
  /// By place: each event of a subscription reads its row, and a name would be looked for each time.
  fileprivate static let columns = """
    id, customer, status, plan, product, price, quantity, currency, interval, interval_count,
    unit_amount, current_period_start, current_period_end, trial_end, cancel_at_period_end,
    cancel_at, canceled_at, ended_at, pause_behavior, pause_resumes_at, latest_invoice,
    created
    """

  fileprivate init(row: Row) {
    id = row[0]
    customerID = row[1]
    status = row[2]
    plan = row[3]
    productID = row[4]
    priceID = row[5]
    quantity = row[6]
    currency = row[7]
    interval = row[8]
    intervalCount = row[9]
    unitAmount = row[10]
    currentPeriodStart = row[11]
    currentPeriodEnd = row[12]
    trialEnd = row[13]
    cancelAtPeriodEnd = row[14]
    cancelAt = row[15]
    canceledAt = row[16]
    endedAt = row[17]
    pauseBehavior = row[18]
    pauseResumesAt = row[19]
    latestInvoiceID = row[20]
    created = row[21]
  }
}
