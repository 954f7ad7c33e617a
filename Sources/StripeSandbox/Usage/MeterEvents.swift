import Basics

/// Usage reported to a meter: `/v1/billing/meter_events`.
enum MeterEvents: Resource {
  static let types: [ResourceType] = []

  static let operations: [Operation] = [.post("/v1/billing/meter_events", create)]

  /// How far back usage may lie: 35 days.
  static let oldestSeconds: Int64 = 35 * 86_400
  /// How far ahead of our clock the caller's may be.
  static let newestSeconds: Int64 = 300
  /// How long an identifier is taken: at Stripe for at least that long.
  static let identifierSeconds: Int64 = 86_400

  /// Takes an event in.
  ///
  /// Stripe checks the name of the meter, the moment and the identifier at once, and all else when
  /// it counts, which it tells in a thin event. Here it counts at once, so that the thin event is
  /// there with the answer. A name that no meter ever had is told in a thin event
  /// (`v1.billing.meter.no_meter_found`), that of a meter which was deactivated is refused.
  private static func create(_ call: Call) throws -> JSON {
    for name in ["event_name", "identifier"] { try call.checkLength(name, atMost: 100) }
    let payload = call.object("payload") ?? [:]
    for (key, value) in payload where value.string == nil {
      throw SandboxError.invalid(
        "Invalid string: \(value.compact)", parameter: "payload[\(key)]")
    }
    let name = call.string("event_name") ?? ""
    let meter = try meter(named: name, call)
    let moment = try moment(call)
    let identifier = call.string("identifier") ?? call.newToken(length: 36)
    try refuseTaken(identifier, call)
    let usage = try MeterEventReading(payload, meter: meter, eventName: name, call)
    try call.store.insert(
      StoredMeterEvent(
        identifier: identifier, meter: meter?.id, customer: usage.customer, timestamp: moment,
        value: usage.value, received: call.now))
    if let problem = usage.problem {
      try ThinEvents.tell(problem, of: identifier, meter: meter, call)
    }
    return [
      "object": "billing.meter_event", "created": .time(call.now), "event_name": .string(name),
      "identifier": .string(identifier), "livemode": false, "payload": .object(payload),
      "timestamp": .time(moment),
    ]
  }

  /// The active meter of a name; nil where no meter has it.
  private static func meter(named name: String, _ call: Call) throws -> JSONObject? {
    let meters = try call.all("billing.meter", where: ["event_name": .string(name)])
    if let active = meters.first(where: { $0["status"] == "active" }) { return active }
    guard meters.isEmpty else {
      throw SandboxError.invalid(
        "No active meter found for event name \"\(name)\".", parameter: "event_name")
    }
    return nil
  }

  private static func moment(_ call: Call) throws -> Timestamp {
    guard let moment = call.timestamp("timestamp") else { return call.now }
    let oldest = call.now - oldestSeconds
    guard moment >= oldest else {
      throw SandboxError.invalid(
        """
        The event timestamp cannot be more than 35 days in past. Expected a timestamp greater than \
        or equal to \(oldest.seconds).
        """, parameter: "timestamp")
    }
    guard moment <= call.now + newestSeconds else {
      throw SandboxError.invalid(
        "The event timestamp cannot be in future.", parameter: "timestamp")
    }
    return moment
  }

  private static func refuseTaken(_ identifier: String, _ call: Call) throws {
    guard let earlier = try call.store.meterEvent(identifier: identifier),
      earlier.received > call.now - identifierSeconds
    else { return }
    throw SandboxError.invalid(
      "An event already exists with identifier \(identifier).", parameter: "identifier")
  }
}
