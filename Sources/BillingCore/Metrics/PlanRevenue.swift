/// What a plan brings.
package struct PlanRevenue: Sendable, Hashable {
  /// Nil for subscriptions of which nobody knows the plan.
  package var planID: String?
  package var active: Int64 = 0
  package var trialing: Int64 = 0
  package var pastDue: Int64 = 0
  /// In minor units.
  package var yearlyAmount: Int64 = 0

  package init(planID: String?) { self.planID = planID }

  /// Where subscriptions of a status are counted; nil for those that are not.
  static func count(of status: String) -> WritableKeyPath<PlanRevenue, Int64>? {
    switch status {
    case "active": \.active
    case "trialing": \.trialing
    case "past_due": \.pastDue
    default: nil
    }
  }
}
