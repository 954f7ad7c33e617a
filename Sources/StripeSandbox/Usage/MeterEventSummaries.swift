import Basics
import Foundation

/// What a customer used, in all or by the hour or day:
/// `/v1/billing/meters/{id}/event_summaries`.
enum MeterEventSummaries: Resource {
  static let types: [ResourceType] = []

  static let operations: [Operation] = [
    .get("/v1/billing/meters/{id}/event_summaries", list)
  ]

  /// The newest first. Without a window there is one summary of the whole time, whatever was used;
  /// with one, there are summaries of the hours and days in which something was used.
  private static func list(_ call: Call) throws -> JSON {
    let meter = try call.required("billing.meter")
    let id = call.string("customer") ?? ""
    let customer = try call.referenced("customer", id, parameter: "customer").id
    let window = call.string("value_grouping_window")
    let period = try period(call, window: window)
    guard let seconds = window.flatMap({ UsageAggregation.seconds(of: $0) }) else {
      let used = try Usage.used(by: meter, of: customer, in: period, call)
      return try call.page(of: [summary(of: meter, customer, used, in: period)])
    }
    var (summaries, hour) = ([JSONObject](), UsageAggregation(meter: meter))
    var start: Timestamp?
    let close = {
      guard let start else { return }
      let period = BillingPeriod(start: start, end: start + seconds)
      summaries.append(summary(of: meter, customer, hour.result, in: period))
    }
    try Usage.each(by: meter, of: customer, in: period, call) { moment, value in
      let begins = Timestamp(moment.seconds / seconds * seconds)
      if start != begins {
        close()
        (start, hour) = (begins, UsageAggregation(meter: meter))
      }
      hour.add(value, at: moment)
    }
    close()
    return try call.page(of: summaries.reversed())
  }

  /// The time that is asked for: whole minutes, or whole hours or days of UTC.
  private static func period(_ call: Call, window: String?) throws -> BillingPeriod {
    let unit = window.flatMap { UsageAggregation.seconds(of: $0) } ?? 60
    var moments: [Timestamp] = []
    for name in ["start_time", "end_time"] {
      guard let moment = call.timestamp(name) else { throw SandboxError.missingParameter(name) }
      guard moment.seconds >= 0, moment.seconds % unit == 0 else {
        throw SandboxError.invalid(
          "Invalid \(name): must be aligned with \(window.map { "UTC \($0)" } ?? "minute") boundaries.",
          parameter: name)
      }
      moments.append(moment)
    }
    guard moments[0] < moments[1] else {
      throw SandboxError.invalid(
        "Invalid end_time: must be after start_time.", parameter: "end_time")
    }
    return BillingPeriod(start: moments[0], end: moments[1])
  }

  /// A summary is not stored: its id follows from what it is about.
  private static func summary(
    of meter: JSONObject, _ customer: String, _ value: Decimal, in period: BillingPeriod
  ) -> JSONObject {
    let name = "\(meter.id) \(customer) \(period.start.seconds) \(period.end.seconds)"
    return [
      "id": .string("mtrusg_test_\(Hex.encode(Hash.sha256(Array(name.utf8))).prefix(40))"),
      "object": "billing.meter_event_summary", "aggregated_value": .decimal(value),
      "end_time": .time(period.end), "livemode": false, "meter": .string(meter.id),
      "start_time": .time(period.start),
    ]
  }
}
