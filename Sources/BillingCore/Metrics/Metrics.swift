package import Basics
import Foundation

/// How a company stands by its subscriptions: the figures of one moment and of the period before it,
/// all in one currency.
///
/// What was counted stands here as it was counted; every amount and every rate is worked out from
/// it, and rounded once, at the end. So amounts add up: `startMRR + new + expansion + reactivation −
/// contraction − churn` is `mrr`, and the plans' are its sum.
package struct Metrics: Sendable, Hashable {
  /// From when to when; the start is the last moment before it.
  package struct Period: Sendable, Hashable {
    package let start: Timestamp
    package let end: Timestamp

    package init(start: Timestamp, end: Timestamp) {
      self.start = start
      self.end = end
    }
  }

  package let period: Period
  package let currency: String
  /// The other currencies in which something is brought in.
  package let otherCurrencies: [String]
  /// The plan that brings most first.
  package let plans: [PlanRevenue]
  package let movements: RevenueMovements
  package let trials: Ratio
  /// Of those who signed up in the period, how many pay at its end.
  package let signups: Ratio
  package let payments: PaymentCounts
  package let webhooks: Ratio

  package var signupCount: Int64 { signups.whole }
  package var active: Int64 { plans.reduce(0) { $0 + $1.active } }
  package var trialing: Int64 { plans.reduce(0) { $0 + $1.trialing } }
  package var pastDue: Int64 { plans.reduce(0) { $0 + $1.pastDue } }
}

// MARK: Figures

extension Metrics {
  package var mrr: Int64 { Self.monthly(movements.end) }
  package var arr: Int64 { movements.end }

  /// A month's revenue of one paying customer; nil where nobody pays.
  package var arpa: Int64? {
    guard movements.customersAtEnd > 0 else { return nil }
    return (Decimal(movements.end) / Decimal(12 * movements.customersAtEnd)).rounded().whole
  }

  package var startMRR: Int64 { Self.monthly(movements.start) }
  package var newMRR: Int64 { movement(0) }
  package var expansionMRR: Int64 { movement(1) }
  package var reactivationMRR: Int64 { movement(2) }
  package var contractionMRR: Int64 { -movement(3) }
  package var churnMRR: Int64 { -movement(4) }

  package var customerChurn: Ratio {
    Ratio(part: movements.churnedCustomers, whole: movements.customersAtStart)
  }
  package var netRevenueRetention: Ratio {
    Ratio(part: movements.retained, whole: movements.start)
  }

  /// What each plan brings in a month, in the order of `plans`: rounded so that they add up.
  package var planMRR: [Int64] { Self.monthlyParts(plans.map { $0.yearlyAmount }, after: 0) }

  private func movement(_ index: Int) -> Int64 {
    Self.monthlyParts(
      [
        movements.new, movements.expansion, movements.reactivation, -movements.contraction,
        -movements.churn,
      ], after: movements.start)[index]
  }

  /// A twelfth, rounded half up.
  package static func monthly(_ yearly: Int64) -> Int64 { (Decimal(yearly) / 12).rounded().whole }

  /// Twelfths of amounts, each the difference of two rounded sums, so that nothing is lost.
  private static func monthlyParts(_ yearly: [Int64], after start: Int64) -> [Int64] {
    var sum = start
    return yearly.map { amount in
      let before = monthly(sum)
      sum += amount
      return monthly(sum) - before
    }
  }

  /// What a goal of plans.yaml is held against; nil where there is nothing to count.
  package func value(of metric: String) -> Ratio? {
    let ratio = ratio(of: metric)
    return ratio?.whole == 0 ? nil : ratio
  }

  private func ratio(of metric: String) -> Ratio? {
    switch metric {
    case "mrr": Ratio(part: mrr, whole: 1)
    case "arr": Ratio(part: arr, whole: 1)
    case "active_subscriptions": Ratio(part: active, whole: 1)
    case "arpa": arpa.map { Ratio(part: $0, whole: 1) }
    case "signups": Ratio(part: signupCount, whole: 1)
    case "customer_churn_rate": customerChurn
    case "net_revenue_retention": netRevenueRetention
    case "trial_conversion_rate": trials
    case "free_to_paid_conversion_rate": signups
    case "payment_success_rate": payments.success
    case "payment_failure_rate": payments.failure
    case "recovery_rate": payments.recovery
    case "webhook_success_rate": webhooks
    default: nil
    }
  }
}

extension Decimal {
  fileprivate var whole: Int64 { NSDecimalNumber(decimal: self).int64Value }
}
