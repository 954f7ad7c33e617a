package import Basics

/// What a customer used of one meter, beside what its plan allows and includes.
package struct MeterUsage: Sendable, Hashable {
  package var meter: MeterDefinition
  /// Of the limit's window where that is another one than the billing period, else of the period.
  package var used: Int64
  /// What the plan includes in a billing period before it bills; nil where it bills nothing.
  package var included: Int64?
  /// What holds for the customer; nil where no plan limits the meter.
  package var limit: Limit?
  /// Of the limit, else of what is included; nil where there is neither.
  package var remaining: Int64?
  /// The same in percent of it.
  package var percent: Int64?
  /// How many units the plan bills beyond what it includes, as things stand.
  package var overage: Int64
  /// In minor units of `currency`; nil where it is more than can be counted.
  package var overageAmount: Int64?
  package var currency: String
  /// How much of what the plan bills Stripe has not been told.
  package var unreported: Int64
}

extension Transaction {
  /// What a customer used of each meter of the catalogue in a billing period, by the plan that it is
  /// on now.
  package func meterUsage(
    of customer: CustomerRow, in period: BillingPeriod, through gate: Gate, at now: Timestamp
  ) throws -> [MeterUsage] {
    let moment = try time(of: customer, at: now)
    let billed = try overages(
      of: customer.id, at: period.contains(moment) ? moment : period.end - 1, in: gate.catalogue,
      clock: now)
    return try gate.catalogue.meters.map { meter in
      let ofPeriod = try usage(of: meter.id, by: customer.id, in: period).used(meter.aggregation)
      var limit: Limit?
      if case .limit(let found) = gate.right(meter.id)?.right { limit = found }
      var ofWindow: Int64? = ofPeriod
      if let window = limit?.window, limit?.maximum != nil, window != .period {
        // A window of its own is the one of now, which says nothing of another period.
        ofWindow =
          period.contains(moment)
          ? try usage(of: meter.id, by: customer.id, in: window, at: moment).used(meter.aggregation)
          : nil
      }
      return MeterUsage(meter, ofPeriod: ofPeriod, ofWindow: ofWindow, limit, gate)
        .billed(billed.filter { $0.segment.use.meter.id == meter.id })
    }
  }
}

extension MeterUsage {
  /// The same with what the subscription bills; what no item of it bills costs nothing.
  fileprivate func billed(_ lines: [PeriodOverage]) -> MeterUsage {
    var usage = self
    guard let line = lines.first else { return usage }
    usage.included = line.included
    usage.overage = line.overage
    usage.overageAmount = line.amount
    usage.currency = line.currency
    usage.unreported = line.unreported
    return usage
  }

  init(
    _ meter: MeterDefinition, ofPeriod: Int64, ofWindow: Int64?, _ limit: Limit?, _ gate: Gate
  ) {
    let billed = gate.plan.overage(meter: meter.id)
    self.meter = meter
    self.limit = limit
    used = ofWindow ?? ofPeriod
    included = billed?.included
    let base =
      limit?.maximum.map { (maximum: $0, used: ofWindow) }
      ?? billed.map {
        (maximum: $0.included, used: ofPeriod)
      }
    if let base, let used = base.used {
      remaining = max(0, base.maximum - used)
      percent = Self.percent(used, of: base.maximum)
    }
    let beyond = billed.map { max(0, ofPeriod - $0.included) } ?? 0
    overage = beyond
    overageAmount = 0
    currency = billed?.prices.first?.currency ?? gate.catalogue.currency
    unreported = 0
  }

  /// Rounded down, so that 100 is reached when all is used. Of nothing anything is all.
  private static func percent(_ used: Int64, of maximum: Int64) -> Int64 {
    guard maximum > 0 else { return used > 0 ? 100 : 0 }
    return Int64(clamping: Int128(used) * 100 / Int128(maximum))
  }
}
