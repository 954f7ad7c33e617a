import Basics
import Foundation

/// How much was used, exactly.
enum Usage {
  /// What an item of a subscription was used in a time: by the meter of its price, or as it was
  /// reported to the item itself.
  static func used(
    _ price: JSONObject, item: JSONObject, of subscription: JSONObject, in period: BillingPeriod,
    _ call: Call
  ) throws -> Decimal {
    let terms = price.object("recurring") ?? [:]
    guard let meterID = terms.string("meter") else {
      return try reported(to: item.id, terms.string("_aggregate_usage"), in: period, call)
    }
    guard let meter = try call.find("billing.meter", meterID) else { return 0 }
    return try used(by: meter, of: subscription.string("customer") ?? "", in: period, call)
  }

  /// What was reported to an item, summed up as `aggregate_usage` says. `last_ever` goes back
  /// behind the time where nothing was reported in it.
  private static func reported(
    to item: String, _ rule: String?, in period: BillingPeriod, _ call: Call
  ) throws -> Decimal {
    let (formula, start): (UsageAggregation.Formula, Timestamp) =
      switch rule {
      case "max": (.max, period.start)
      case "last_during_period": (.last, period.start)
      case "last_ever": (.last, .earliest)
      default: (.sum, period.start)
      }
    var total = UsageAggregation(formula)
    let counted = BillingPeriod(start: start, end: period.end)
    for record in try call.store.usageRecords(item: item, in: counted) {
      total.add(Decimal(record.quantity), at: record.moment)
    }
    return total.result
  }

  /// What a customer used by a meter in a time, its end excluded.
  static func used(
    by meter: JSONObject, of customer: String, in period: BillingPeriod, _ call: Call
  ) throws -> Decimal {
    var total = UsageAggregation(meter: meter)
    try each(by: meter, of: customer, in: period, call) { total.add($1, at: $0) }
    return total.result
  }

  /// Goes through single uses in the order of their time.
  static func each(
    by meter: JSONObject, of customer: String, in period: BillingPeriod, _ call: Call,
    _ body: (_ moment: Timestamp, _ value: Decimal) throws -> Void
  ) throws {
    try call.store.eachUse(meter: meter.id, customer: customer, in: period) { moment, text in
      guard let value = Int64(text).map({ Decimal($0) }) ?? Decimal(string: text) else {
        throw SandboxError.unexpected
      }
      try body(moment, value)
    }
  }
}
