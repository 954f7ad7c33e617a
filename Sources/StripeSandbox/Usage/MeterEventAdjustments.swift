import Basics

/// Usage taken back: `/v1/billing/meter_event_adjustments`.
enum MeterEventAdjustments: Resource {
  static let types: [ResourceType] = []

  static let operations: [Operation] = [.post("/v1/billing/meter_event_adjustments", create)]

  /// How long after it was received an event can be taken back.
  static let lifetimeSeconds: Int64 = 86_400

  private static func create(_ call: Call) throws -> JSON {
    try call.checkLength("event_name", atMost: 100)
    guard let identifier = call.object("cancel")?.string("identifier"), !identifier.isEmpty else {
      throw SandboxError.missingParameter("cancel[identifier]")
    }
    let name = call.string("event_name") ?? ""
    let meters = try call.all("billing.meter", where: ["event_name": .string(name)]).map { $0.id }
    guard let event = try call.store.meterEvent(identifier: identifier), let meter = event.meter,
      meters.contains(meter)
    else {
      throw SandboxError.invalid(
        "No meter event found with identifier \(identifier).", code: "resource_missing",
        parameter: "cancel[identifier]")
    }
    guard !event.isCancelled else {
      throw refusal("Meter event \(identifier) has already been cancelled.")
    }
    guard event.received > (try now(for: event, call)) - lifetimeSeconds else {
      throw refusal(
        """
        Meter event \(identifier) cannot be cancelled because it was received more than 24 hours \
        ago.
        """)
    }
    try call.store.cancelMeterEvent(event.sequence)
    return [
      "object": "billing.meter_event_adjustment", "cancel": ["identifier": .string(identifier)],
      "event_name": .string(name), "livemode": false, "status": "complete", "type": "cancel",
    ]
  }

  /// The time of whoever used it: an event of a customer on a test clock was received at its time.
  private static func now(for event: StoredMeterEvent, _ call: Call) throws -> Timestamp {
    guard let customer = event.customer else { return call.now }
    return try TestClocks.named(by: [:], [customer], in: call.store)?.now ?? call.now
  }

  private static func refusal(_ message: String) -> SandboxError {
    .invalid(message, parameter: "cancel[identifier]")
  }
}
