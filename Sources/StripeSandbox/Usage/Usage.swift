import Basics
import Foundation

/// How much was used, exactly.
enum Usage {
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
