package import Basics
package import Stripe

/// A subscription as the mirror keeps it: the columns that look-ups and reports need.
package struct SubscriptionRow: Sendable, Hashable {
  package var id: String
  package var customerID: String
  package var status: String
  /// The plan of the licensed item's product, as the catalogue stood when the object came in.
  package var plan: String?
  package var productID: String?
  package var priceID: String?
  package var quantity: Int64?
  package var currency: String
  package var interval: String?
  package var intervalCount: Int?
  package var unitAmount: Int64?
  package var currentPeriodStart: Timestamp?
  package var currentPeriodEnd: Timestamp?
  package var trialEnd: Timestamp?
  package var cancelAtPeriodEnd: Bool
  package var cancelAt: Timestamp?
  package var canceledAt: Timestamp?
  package var endedAt: Timestamp?
  package var pauseBehavior: String?
  package var pauseResumesAt: Timestamp?
  package var latestInvoiceID: String?
  package var created: Timestamp

  package init(_ subscription: Subscription, plan: String?) {
    let licensed = subscription.licensedItem
    id = subscription.id
    customerID = subscription.customerID
    status = subscription.status.rawValue
    self.plan = plan
    productID = licensed?.price.productID
    priceID = licensed?.price.id
    quantity = licensed?.quantity
    currency = subscription.currency
    interval = licensed?.price.recurring?.interval.rawValue
    intervalCount = licensed?.price.recurring?.intervalCount
    unitAmount = licensed?.price.unitAmount
    currentPeriodStart = subscription.currentPeriodStart
    currentPeriodEnd = subscription.currentPeriodEnd
    trialEnd = subscription.trialEnd
    cancelAtPeriodEnd = subscription.cancelAtPeriodEnd
    cancelAt = subscription.cancelAt
    canceledAt = subscription.canceledAt
    endedAt = subscription.endedAt
    pauseBehavior = subscription.pauseCollection?.behavior
    pauseResumesAt = subscription.pauseCollection?.resumesAt
    latestInvoiceID = subscription.latestInvoiceID
    created = subscription.created
  }

  /// `1 month`, `3 month`.
  package var intervalText: String? { interval.map { "\(intervalCount ?? 1) \($0)" } }

  /// When it will end by what is known now; nil where no end is set.
  package var endsAt: Timestamp? { cancelAt ?? (cancelAtPeriodEnd ? currentPeriodEnd : nil) }
}

extension Subscription {
  /// The item whose product is the plan: the first that is not metered.
  package var licensedItem: SubscriptionItem? {
    items.first { $0.price.recurring?.usageType != "metered" } ?? items.first
  }
}
