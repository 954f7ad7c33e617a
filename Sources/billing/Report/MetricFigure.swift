import Basics
import BillingCore

/// One figure of `metrics`: its key, its name for people, and what it means.
struct MetricFigure: Sendable {
  enum Value: Sendable {
    case money(Int64?)
    case count(Int64)
    case rate(Ratio)
    /// A rate of amounts, of which only the share is shown.
    case share(Ratio)
  }

  let key: String
  let title: String
  /// For help, in lines.
  let definition: String
  let value: @Sendable (BillingCore.Metrics) -> Value

  init(
    _ key: String, _ title: String, _ definition: String,
    _ value: @escaping @Sendable (BillingCore.Metrics) -> Value
  ) {
    self.key = key
    self.title = title
    self.definition = definition
    self.value = value
  }

  func json(_ metrics: BillingCore.Metrics) -> JSON {
    switch value(metrics) {
    case .money(let amount): JSON(amount)
    case .count(let count): .integer(count)
    case .rate(let ratio), .share(let ratio): JSON(ratio.rounded)
    }
  }

  func cell(_ metrics: BillingCore.Metrics) -> Cell {
    switch value(metrics) {
    case .money(let amount): Cell(money: JSON(amount), currency: .string(metrics.currency))
    case .count(let count): Cell(PlanWords.number(count))
    case .share(let ratio): Cell(ratio.percent.map { "\($0)%" } ?? "-")
    case .rate(let ratio):
      Cell(
        ratio.percent.map {
          "\($0)% (\(PlanWords.number(ratio.part)) of \(PlanWords.number(ratio.whole)))"
        } ?? "-")
    }
  }
}

extension MetricFigure {
  /// What is so at the moment, with the rates that the contract puts beside it.
  static let standing: [MetricFigure] = [
    MetricFigure(
      "mrr", "MRR",
      """
      what active and past due subscriptions come to in a month: a twelfth of arr. Trials,
      metered usage, prices in tiers and taxes are left out
      """
    ) { .money($0.mrr) },
    MetricFigure(
      "arr", "ARR",
      """
      the same in a year: each licensed price by 12 months, 52 weeks or 365 days, less discounts
      as they hold at the moment; a discount of a single invoice is left out
      """
    ) { .money($0.arr) },
    MetricFigure(
      "active_subscriptions", "active", "subscriptions whose status is active"
    ) { .count($0.active) },
    MetricFigure("trialing", "trialing", "subscriptions in a trial") { .count($0.trialing) },
    MetricFigure(
      "past_due", "past due", "subscriptions whose last payment failed and is tried again"
    ) { .count($0.pastDue) },
    MetricFigure(
      "arpa", "ARPA", "mrr for each customer who brings something"
    ) { .money($0.arpa) },
    MetricFigure(
      "churned_30d", "churned in 30 days",
      "customers who brought something 30 days before and bring nothing now"
    ) { .count($0.movements.churnedInThirtyDays) },
    MetricFigure(
      "customer_churn_rate", "customer churn",
      "of the customers who brought something at the start, those who bring nothing at the end"
    ) { .rate($0.customerChurn) },
    MetricFigure(
      "net_revenue_retention", "net revenue retention",
      "what the customers of the start bring at the end, by what they brought at the start"
    ) { .share($0.netRevenueRetention) },
    MetricFigure(
      "trial_conversion_rate", "trial conversion",
      "of the trials that ended in the period, those whose subscription is active at its end"
    ) { .rate($0.trials) },
  ]

  /// What happened in the period.
  static let period: [MetricFigure] = [
    MetricFigure("start_mrr", "MRR at the start", "mrr at the start of the period") {
      .money($0.startMRR)
    },
    MetricFigure("new_mrr", "new", "of customers who had never brought anything") {
      .money($0.newMRR)
    },
    MetricFigure("expansion_mrr", "expansion", "more from customers who bring something") {
      .money($0.expansionMRR)
    },
    MetricFigure("contraction_mrr", "contraction", "less from customers who still bring some") {
      .money($0.contractionMRR)
    },
    MetricFigure("churn_mrr", "churn", "what customers brought who bring nothing at the end") {
      .money($0.churnMRR)
    },
    MetricFigure(
      "reactivation_mrr", "reactivation",
      "of customers who brought nothing at the start, but did before"
    ) { .money($0.reactivationMRR) },
    MetricFigure("signups", "signups", "customers made in the period") {
      .count($0.signupCount)
    },
    MetricFigure(
      "free_to_paid_conversion_rate", "free to paid", "of these, those who pay at its end"
    ) { .rate($0.signups) },
    MetricFigure(
      "payment_success_rate", "payment success",
      """
      invoices of the period that were paid, by the attempts to collect them (as Stripe counts
      them: of attempts by hand only the first)
      """
    ) { .rate($0.payments.success) },
    MetricFigure("payment_failure_rate", "payment failure", "the attempts that failed") {
      .rate($0.payments.failure)
    },
    MetricFigure(
      "recovery_rate", "recovery",
      "of the invoices whose first attempt failed, those that are paid by now"
    ) { .rate($0.payments.recovery) },
    MetricFigure(
      "webhook_success_rate", "webhook success",
      "of Stripe's events of the period that were run, those that did not fail"
    ) { .rate($0.webhooks) },
  ]

  static let all = standing + period
}
