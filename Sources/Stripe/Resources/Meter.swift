package import Basics

/// What is counted for metered prices (https://docs.stripe.com/api/billing/meter/object).
package struct Meter: Sendable, Hashable {
  package let id: String
  package let eventName: String
  package let displayName: String
  /// `active` or `inactive`.
  package let status: String
  /// `sum`, `count` or `last`.
  package let aggregationFormula: String
  /// The key of an event's payload that names the customer.
  package let customerPayloadKey: String
  /// The key of an event's payload that holds the number.
  package let valuePayloadKey: String
  /// `hour` or `day`, where the last event of each stands for the whole of it.
  package let eventTimeWindow: String?
  package let created: Timestamp
  package let isLive: Bool

  package init(_ json: JSON) throws(MalformedObject) {
    let fields = try ObjectReader(json, kind: "billing.meter")
    id = try fields.identifier()
    eventName = try fields.identifier("event_name")
    displayName = try fields.text("display_name")
    status = try fields.identifier("status")
    aggregationFormula = try fields.object("default_aggregation").identifier("formula")
    customerPayloadKey =
      try fields.optionalObject("customer_mapping")?.optionalText("event_payload_key")
      ?? "stripe_customer_id"
    valuePayloadKey =
      try fields.optionalObject("value_settings")?.optionalText("event_payload_key") ?? "value"
    eventTimeWindow = try fields.optionalText("event_time_window")
    created = try fields.time("created")
    isLive = try fields.flag("livemode")
  }
}
