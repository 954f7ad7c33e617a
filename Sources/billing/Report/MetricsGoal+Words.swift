import BillingCore
import Foundation

extension MetricsGoal {
  /// A value of the goal's metric as a person reads it: an amount, a percentage or a number.
  func words(_ value: Decimal?, _ currency: String) -> String {
    guard let value else { return "-" }
    return if ["mrr", "arr", "arpa"].contains(goal.metric) {
      MoneyText.of(value, currency)
    } else if goal.metric.hasSuffix("_rate") || goal.metric == "net_revenue_retention" {
      "\(value * 100)%"
    } else {
      "\(value)"
    }
  }
}
