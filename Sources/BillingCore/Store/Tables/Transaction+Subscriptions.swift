import Basics
import GRDB
import Stripe

extension Transaction {
  func putSubscription(_ row: SubscriptionRow, items: [SubscriptionItem]) throws {
    try upsert(
      "subscriptions", key: "id",
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
    try database.cachedStatement(sql: "DELETE FROM subscription_items WHERE subscription = ?")
      .execute(arguments: [row.id])
    for item in items { try putItem(item, of: row.id) }
  }

  private func putItem(_ item: SubscriptionItem, of subscriptionID: String) throws {
    let recurring = item.price.recurring
    try upsert(
      "subscription_items", key: "id",
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
      sql: "SELECT * FROM subscriptions WHERE \(condition)")
    return try Row.fetchAll(statement, arguments: arguments).map(SubscriptionRow.init(row:))
  }
}

extension SubscriptionRow {
  fileprivate init(row: Row) {
    id = row["id"]
    customerID = row["customer"]
    status = row["status"]
    plan = row["plan"]
    productID = row["product"]
    priceID = row["price"]
    quantity = row["quantity"]
    currency = row["currency"]
    interval = row["interval"]
    intervalCount = row["interval_count"]
    unitAmount = row["unit_amount"]
    currentPeriodStart = row["current_period_start"]
    currentPeriodEnd = row["current_period_end"]
    trialEnd = row["trial_end"]
    cancelAtPeriodEnd = row["cancel_at_period_end"]
    cancelAt = row["cancel_at"]
    canceledAt = row["canceled_at"]
    endedAt = row["ended_at"]
    pauseBehavior = row["pause_behavior"]
    pauseResumesAt = row["pause_resumes_at"]
    latestInvoiceID = row["latest_invoice"]
    created = row["created"]
  }
}
