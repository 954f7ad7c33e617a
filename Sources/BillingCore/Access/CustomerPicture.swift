package import Basics
package import Stripe

/// Everything that the mirror knows of one customer and that support asks for first.
package struct CustomerPicture: Sendable {
  package var customer: CustomerRow
  package var current: CurrentPlan
  /// The subscription that counts; nil for a customer that never had one.
  package var subscription: Subscription?
  /// How much of each limit is used, by the limit's id; nothing where the plan vanished.
  package var used: [String: Int64]
  package var own: [OwnEntitlement]
  /// What of it is nearly used up, or is.
  package var alerts: [UsageAlert]
  package var tokens: TokenBalance
  package var paymentMethod: PaymentMethod?
  /// The newest ones, the newest first.
  package var invoices: [Invoice]
  /// The time by which the customer lives.
  package var now: Timestamp
}

extension Transaction {
  package func picture(
    of customer: CustomerRow, in catalogue: Catalogue, at clock: Timestamp, invoices count: Int
  ) throws -> CustomerPicture {
    let current = try currentPlan(of: customer, in: catalogue, at: clock)
    let subscription = try current.subscriptionID
      .flatMap { try subscriptionJSON($0) }.map { try Subscription($0) }
    let methodID = subscription?.defaultPaymentMethodID ?? customer.defaultPaymentMethodID
    // A card of the older kind (a source) has no object of its own in the mirror.
    let method = try methodID.flatMap { try objectJSON($0) }
      .flatMap { $0["object"] == "payment_method" ? try PaymentMethod($0) : nil }
    let now = try time(of: customer, at: clock)
    let gate = try? gate(of: customer, in: catalogue, at: clock)
    return CustomerPicture(
      customer: customer, current: current, subscription: subscription,
      used: try Dictionary(
        (gate == nil ? [] : catalogue.limitIDs).map { id in
          (id, try gate.map { try used(of: id, by: customer, through: $0, at: clock) } ?? 0)
        }, uniquingKeysWith: { $1 }),
      own: try newestOwnEntitlements(ofCustomer: customer.id),
      alerts: gate == nil ? [] : try usageAlerts(of: customer, in: catalogue, at: clock),
      tokens: try tokenBalance(ofCustomer: customer.id, at: now), paymentMethod: method,
      invoices: try invoiceIDs(customer: customer.id, limit: count)
        .compactMap { try objectJSON($0) }.map { try Invoice($0) },
      now: now)
  }
}
