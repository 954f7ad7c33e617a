import Basics
import GRDB
import Stripe

extension Transaction {
  private static let subscriptionRow = Upsert(
    "subscriptions", key: "id", fixed: ["customer", "created"],
    "id", "customer", "status", "plan", "product", "price", "quantity", "currency", "interval",
    "interval_count", "unit_amount", "current_period_start", "current_period_end", "trial_end",
    "cancel_at_period_end", "cancel_at", "canceled_at", "ended_at", "pause_behavior",
    "pause_resumes_at", "latest_invoice", "created")

  /// - Parameter old: the row that stood there.
  func putSubscription(
    _ row: SubscriptionRow, after old: SubscriptionRow?, items: [SubscriptionItem]
  ) throws {
    try upsert(
      Self.subscriptionRow, row.id, row.customerID, row.status, row.plan, row.productID,
      row.priceID, row.quantity, row.currency, row.interval, row.intervalCount, row.unitAmount,
      row.currentPeriodStart, row.currentPeriodEnd, row.trialEnd, row.cancelAtPeriodEnd,
      row.cancelAt, row.canceledAt, row.endedAt, row.pauseBehavior, row.pauseResumesAt,
      row.latestInvoiceID, row.created)
    try putItems(items.map { ItemRow($0) }, of: row.id, isNew: old == nil)
  }

  private static let itemRow = Upsert(
    "subscription_items", key: "id", fixed: ["subscription"],
    "id", "subscription", "price", "product", "meter", "usage_type", "quantity", "interval",
    "interval_count", "unit_amount", "current_period_start", "current_period_end")

  /// Most of what is told of a subscription leaves its items as they are.
  private func putItems(_ told: [ItemRow], of subscriptionID: String, isNew: Bool) throws {
    let known = isNew ? [] : try items(ofSubscription: subscriptionID)
    for item in known where !told.contains(where: { $0.id == item.id }) {
      try database.cachedStatement(sql: "DELETE FROM subscription_items WHERE id = ?")
        .execute(binding: item.id)
    }
    for item in told where !known.contains(item) {
      try upsert(
        Self.itemRow, item.id, subscriptionID, item.priceID, item.productID, item.meterID,
        item.usageType, item.quantity, item.interval, item.intervalCount, item.unitAmount,
        item.currentPeriodStart, item.currentPeriodEnd)
    }
  }

  private func items(ofSubscription subscriptionID: String) throws -> [ItemRow] {
    try database.cachedStatement(
      sql: """
        SELECT id, price, product, meter, usage_type, quantity, interval, interval_count,
          unit_amount, current_period_start, current_period_end
        FROM subscription_items WHERE subscription = ?
        """
    ).rows(binding: subscriptionID) { try ItemRow($0) }
  }

  package func subscription(_ id: String) throws -> SubscriptionRow? {
    try subscriptions(where: "id = ?", id).first
  }

  /// A customer's subscriptions, the newest first.
  package func subscriptions(ofCustomer customerID: String) throws -> [SubscriptionRow] {
    try subscriptions(where: "customer = ? ORDER BY created DESC, id DESC", customerID)
  }

  /// All subscriptions, newest first; of one status where one is given.
  package func subscriptions(status: String?, limit: Int?) throws -> [SubscriptionRow] {
    let order = "ORDER BY created DESC, id DESC LIMIT ?"
    return if let status {
      try subscriptions(where: "status = ? \(order)", status, limit ?? -1)
    } else {
      try subscriptions(where: "1 \(order)", limit ?? -1)
    }
  }

  private func subscriptions<each Value: BoundValue>(
    where condition: String, _ values: repeat each Value
  ) throws -> [SubscriptionRow] {
    try database.cachedStatement(
      sql: "SELECT \(SubscriptionRow.columns) FROM subscriptions WHERE \(condition)"
    ).rows(binding: repeat each values) { try SubscriptionRow($0) }
  }
}

extension SubscriptionRow {
  fileprivate static let columns = """
    id, customer, status, plan, product, price, quantity, currency, interval, interval_count,
    unit_amount, current_period_start, current_period_end, trial_end, cancel_at_period_end,
    cancel_at, canceled_at, ended_at, pause_behavior, pause_resumes_at, latest_invoice,
    created
    """

  fileprivate init(_ columns: RowColumns) throws {
    id = try columns[0]
    customerID = try columns[1]
    status = try columns[2]
    plan = try columns[3]
    productID = try columns[4]
    priceID = try columns[5]
    quantity = try columns[6]
    currency = try columns[7]
    interval = try columns[8]
    intervalCount = try columns[9]
    unitAmount = try columns[10]
    currentPeriodStart = try columns[11]
    currentPeriodEnd = try columns[12]
    trialEnd = try columns[13]
    cancelAtPeriodEnd = try columns[14]
    cancelAt = try columns[15]
    canceledAt = try columns[16]
    endedAt = try columns[17]
    pauseBehavior = try columns[18]
    pauseResumesAt = try columns[19]
    latestInvoiceID = try columns[20]
    created = try columns[21]
  }
}

/// An item of a subscription as the mirror keeps it.
private struct ItemRow: Hashable {
  let id: String
  let priceID: String
  let productID: String?
  let meterID: String?
  let usageType: String?
  let quantity: Int64?
  let interval: String?
  let intervalCount: Int?
  let unitAmount: Int64?
  let currentPeriodStart: Timestamp?
  let currentPeriodEnd: Timestamp?

  init(_ item: SubscriptionItem) {
    let recurring = item.price.recurring
    id = item.id
    priceID = item.price.id
    productID = item.price.productID
    meterID = recurring?.meterID
    usageType = recurring?.usageType
    quantity = item.quantity
    interval = recurring?.interval.rawValue
    intervalCount = recurring?.intervalCount
    unitAmount = item.price.unitAmount
    currentPeriodStart = item.currentPeriodStart
    currentPeriodEnd = item.currentPeriodEnd
  }

  init(_ columns: RowColumns) throws {
    id = try columns[0]
    priceID = try columns[1]
    productID = try columns[2]
    meterID = try columns[3]
    usageType = try columns[4]
    quantity = try columns[5]
    interval = try columns[6]
    intervalCount = try columns[7]
    unitAmount = try columns[8]
    currentPeriodStart = try columns[9]
    currentPeriodEnd = try columns[10]
  }
}
