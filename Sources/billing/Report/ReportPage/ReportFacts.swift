import Basics
import BillingCore

/// What the report page tells, read at one moment.
struct ReportFacts: Sendable {
  /// The mode that the database is of; nil for one that nothing came into yet.
  var mode: Store.Mode?
  var business: String?
  /// The last thirty days.
  var metrics: BillingCore.Metrics
  /// The catalogue's goals, each held against its figure.
  var goals: [MetricsGoal] = []
  /// The last twelve months, each from its first moment to its last; of the last one, so far.
  var months: [BillingCore.Metrics] = []
  /// The same thirty days in each other currency.
  var others: [BillingCore.Metrics] = []
  var planNames: [String: String] = [:]
  var dunning = DunningList()
  /// Nil without a catalogue, which would say what the limits are.
  var alerts: [Alert]?
  var webhooks: WebhookHealth

  /// That much of a limit is used, and by whom.
  struct Alert: Sendable {
    var alert: UsageAlert
    var customer: CustomerRow
  }

  var asOf: Timestamp { metrics.period.end }
  var currency: String { metrics.currency }
}

extension ReportFacts {
  /// How many cases, alerts and failures a page tells one by one.
  static let mostRows = 50
  static let webhookDays = 30

  /// Everything but the alerts, which are asked for customer by customer.
  init(
    reading transaction: Transaction, at now: Timestamp, currency: String?, _ catalogue: Catalogue?
  ) throws {
    let period = BillingCore.Metrics.Period(start: now - 30 * 86_400, end: now)
    let metrics = try transaction.metrics(over: period, currency: currency ?? catalogue?.currency)
    let ends = BillingCore.Metrics.monthEnds(until: now, count: 13)
    self.metrics = metrics
    months = try zip(ends, ends.dropFirst()).map { start, end in
      try transaction.metrics(over: .init(start: start, end: end), currency: metrics.currency)
    }
    others = try metrics.otherCurrencies.map { other in
      try transaction.metrics(over: period, currency: other)
    }
    goals = catalogue?.goals.map { MetricsGoal($0, metrics) } ?? []
    business = catalogue?.business.name
    planNames = (catalogue?.plans ?? []).reduce(into: [:]) { $0[$1.id] = $1.name }
    dunning = try transaction.dunningList(limit: Self.mostRows)
    webhooks = try transaction.webhookHealth(
      at: now, days: Self.webhookDays, failures: Self.mostRows)
  }
}
