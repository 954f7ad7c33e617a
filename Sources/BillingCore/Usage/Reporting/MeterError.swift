import Basics

/// That a meter event counts for nothing.
package struct MeterError: Sendable, Hashable {
  package let identifier: String
  package let code: String
  package let message: String

  /// The events that tell of such errors. They are thin: a webhook names the meter, and what went
  /// wrong stands in the event as Stripe has it
  /// (https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api#handle-errors).
  static let eventTypes: Set<String> = [
    "v1.billing.meter.error_report_triggered", "v1.billing.meter.no_meter_found",
  ]

  /// Those that an event names; nil for one that does not tell them.
  static func told(in event: JSON) -> [MeterError]? {
    guard let type = event["type"]?.string, eventTypes.contains(type),
      let kinds = event[at: "data", "reason", "error_types"]?.array
    else { return nil }
    return kinds.flatMap { kind -> [MeterError] in
      (kind["sample_errors"]?.array ?? []).compactMap { sample in
        guard let identifier = sample[at: "request", "identifier"]?.string else { return nil }
        return MeterError(
          identifier: identifier, code: kind["code"]?.string ?? "error",
          message: sample["error_message"]?.string ?? "Stripe does not say why")
      }
    }
  }
}
