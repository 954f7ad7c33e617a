import Foundation

/// A goal of plans.yaml, held against what is.
package struct MetricsGoal: Sendable, Hashable {
  package let goal: Goal
  /// Nil where there is nothing to count.
  package let actual: Ratio?

  package init(_ goal: Goal, _ metrics: Metrics) {
    self.goal = goal
    actual = metrics.value(of: goal.metric)
  }

  /// Whether the figure is to stay below the goal; all others are to reach it.
  package var isCeiling: Bool {
    ["customer_churn_rate", "payment_failure_rate"].contains(goal.metric)
  }

  /// Compared exactly, whatever is shown; nil where there is nothing to count.
  package var isMet: Bool? {
    guard let actual, let target = Decimal(string: goal.target) else { return nil }
    let (reached, aimed) = (Decimal(actual.part), target * Decimal(actual.whole))
    return isCeiling ? reached <= aimed : reached >= aimed
  }
}
