import Basics

/// What a user asks for with `upgrade` and `downgrade`.
package struct PlanChangeRequest: Sendable, Hashable {
  package enum Direction: String, Sendable, Hashable {
    case upgrade, downgrade

    package var opposite: Direction { self == .upgrade ? .downgrade : .upgrade }
  }

  package var direction: Direction
  package var planID: String
  package var interval: BillingInterval?
  package var quantity: Int64?
  /// `always_invoice`, `create_prorations` or `none`.
  package var proration: String?
  package var paymentBehavior: String?
  package var asksForPeriodEnd: Bool

  package init(
    _ direction: Direction, to planID: String, interval: BillingInterval? = nil,
    quantity: Int64? = nil, proration: String? = nil, paymentBehavior: String? = nil,
    asksForPeriodEnd: Bool = false
  ) {
    self.direction = direction
    self.planID = planID
    self.interval = interval
    self.quantity = quantity
    self.proration = proration
    self.paymentBehavior = paymentBehavior
    self.asksForPeriodEnd = asksForPeriodEnd
  }

  /// Whether it waits for the end of the period: what was paid for is used up first. A downgrade
  /// does unless it is said how the change is to be prorated.
  package var waits: Bool {
    asksForPeriodEnd || (direction == .downgrade && proration == nil)
  }

  package func intent(ofCustomer customerID: String) -> OperationIntent {
    var words: JSONObject = ["customer": .string(customerID), "plan": .string(planID)]
    words["interval"] = interval.map { .string($0.name) }
    words["quantity"] = quantity.map(JSON.integer)
    words["prorate"] = proration.map(JSON.string)
    words["payment_behavior"] = paymentBehavior.map(JSON.string)
    words["at_period_end"] = .bool(waits)
    return OperationIntent(command: direction.rawValue, customerID: customerID, words: words)
  }
}
