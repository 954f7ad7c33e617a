package import Basics

/// That a customer has used much of what a limit allows, or of what its plan includes.
package struct UsageAlert: Sendable, Hashable {
  package var customerID: String
  package var meter: MeterDefinition
  package var used: Int64
  package var limit: Int64
  package var percent: Int64
  /// The percentages of the catalogue that are reached, ascending; never empty.
  package var thresholds: [Int]
  /// When the limit's window, or the billing period, began.
  package var since: Timestamp
  /// How many units are billed beyond what is included, and what that costs.
  package var overage: Int64
  package var overageAmount: Int64?
  package var currency: String

  package var isCritical: Bool { percent >= 100 }
}

extension UsageAlert {
  /// Nil while too little is used.
  init?(
    _ usage: MeterUsage, of customerID: String, thresholds: [Int], in period: BillingPeriod,
    at now: Timestamp
  ) {
    let reached = thresholds.filter { Int64($0) <= usage.percent ?? 0 }
    let isLimited = usage.limit?.maximum != nil
    guard !reached.isEmpty, let percent = usage.percent,
      let limit = usage.limit?.maximum ?? usage.included
    else { return nil }
    let since =
      switch isLimited ? usage.limit?.window ?? .period : .period {
      case .day: now.dayStart
      case .month: now.monthStart
      case .period: period.start
      case .lifetime: Timestamp(0)
      }
    self.init(
      customerID: customerID, meter: usage.meter, used: usage.used, limit: limit,
      percent: percent, thresholds: reached, since: since, overage: usage.overage,
      overageAmount: usage.overageAmount, currency: usage.currency)
  }

  /// What is to be told of it: each threshold once in a window, and once that it costs.
  package func occurrences(at moment: Timestamp) -> [Occurrence] {
    let window = "\(customerID) \(meter.id) \(since.seconds)"
    let facts: JSONObject = [
      "meter": .string(meter.id), "name": .string(meter.name), "used": .integer(used),
      "limit": .integer(limit), "percent": .integer(percent), "since": .string(since.iso8601),
    ]
    var all = thresholds.map { threshold in
      var payload = facts
      payload["threshold"] = .integer(Int64(threshold))
      return Occurrence(
        .usageThresholdReached, customerID: customerID, at: moment,
        cause: "usage \(window) \(threshold)", payload: payload)
    }
    if overage > 0, overageAmount ?? 1 > 0 {
      var payload = facts
      payload["overage"] = .integer(overage)
      payload["overage_amount"] = JSON(overageAmount)
      payload["currency"] = .string(currency)
      all.append(
        Occurrence(
          .usageOverage, customerID: customerID, at: moment, cause: "overage \(window)",
          payload: payload))
    }
    return all
  }
}

extension Transaction {
  /// The alerts of one customer now, in the order of the meters.
  package func usageAlerts(
    of customer: CustomerRow, in catalogue: Catalogue, at clock: Timestamp
  ) throws -> [UsageAlert] {
    let gate = try gate(of: customer, in: catalogue, at: clock)
    let now = try time(of: customer, at: clock)
    let period = try billingPeriods(ofCustomer: customer.id).period(at: now)
    return try meterUsage(of: customer, in: period, through: gate, at: clock).compactMap {
      UsageAlert($0, of: customer.id, thresholds: catalogue.alerts, in: period, at: now)
    }
  }
}
