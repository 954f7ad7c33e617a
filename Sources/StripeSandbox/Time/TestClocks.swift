import Basics

/// Clocks of their own for some customers: `/v1/test_helpers/test_clocks`.
///
/// A clock lives on itself, so that a request that names it takes place at its time. What is done
/// while it advances stands in `TestClockAdvance`. Stripe deletes clocks by itself after a while
/// (`deletes_after`); here they stay until somebody deletes them.
enum TestClocks: Resource {
  static let types = [
    ResourceType(type, idPrefix: "clock", label: "test clock")
  ]

  static let operations: [Operation] = [
    .post("/v1/test_helpers/test_clocks", create),
    .get("/v1/test_helpers/test_clocks", list),
    .get("/v1/test_helpers/test_clocks/{id}", retrieve),
    .delete("/v1/test_helpers/test_clocks/{id}", delete),
    .post("/v1/test_helpers/test_clocks/{id}/advance", TestClockAdvance.run),
  ]

  static let type = "test_helpers.test_clock"
  private static let lifetimeSeconds: Int64 = 7 * 86_400

  private static func create(_ call: Call) throws -> JSON {
    try call.checkLength("name", atMost: 300)
    let frozen = call.timestamp("frozen_time") ?? call.now
    guard (0...latest.seconds).contains(frozen.seconds) else {
      throw SandboxError.invalid(
        "Invalid timestamp: must be an integer Unix timestamp.", parameter: "frozen_time")
    }
    let id = call.newID("clock", length: 24)
    let clock: JSONObject = [
      "id": .string(id), "object": .string(type), "created": .time(call.now),
      "deletes_after": .time(call.now + lifetimeSeconds), "frozen_time": .time(frozen),
      "livemode": false, "name": JSON(call.string("name")), "status": "ready",
      "status_details": [:],
    ]
    try call.store.insert(clock, type: call.registry.type(type), clock: id, now: frozen)
    try call.emit("test_helpers.test_clock.created", clock)
    if let customer = call.string("customer") { try attach(customer, to: id, at: frozen, call) }
    return .object(clock)
  }

  /// The last moment at which a clock can stand: the end of the year 9999 less what can be added.
  static let latest = Timestamp(200_000_000_000)

  private static func retrieve(_ call: Call) throws -> JSON { .object(try call.required(type)) }

  private static func list(_ call: Call) throws -> JSON {
    try call.list(type, anyOf: [:], includesClocks: true)
  }

  /// Its customers are deleted and their subscriptions canceled.
  private static func delete(_ call: Call) throws -> JSON {
    let clock = try call.required(type)
    for customer in try call.all("customer", where: ["test_clock": .string(clock.id)]) {
      _ = try Customers.delete(call.calling([:], on: customer.id))
    }
    return try call.delete(clock, event: "test_helpers.test_clock.deleted")
  }

  /// Puts a customer that is there already on a clock, with everything that it has.
  private static func attach(
    _ id: String, to clock: String, at frozen: Timestamp, _ call: Call
  ) throws {
    let customer = try call.referenced("customer", id, parameter: "customer")
    guard customer.string("test_clock") == nil else {
      throw SandboxError.invalid(
        "This customer is already attached to a test clock: \(id)", parameter: "customer")
    }
    try call.store.move(customer: id, toClock: clock)
    let attached = call.on(clock: clock, at: frozen)
    for name in ["subscription", "invoice", "invoiceitem"] {
      for object in try call.all(name, where: ["customer": .string(id)]) {
        try attached.save(object.setting(["test_clock": .string(clock)]))
      }
    }
    try attached.update(
      customer, to: customer.setting(["test_clock": .string(clock)]), event: "customer.updated")
  }
}

// MARK: The clock of a call

extension TestClocks {
  /// The test clock of the objects that a call names, and its time.
  static func named(
    by parameters: JSONObject, _ pathIDs: [String], in store: StoreTransaction
  ) throws -> (id: String, now: Timestamp)? {
    guard try store.hasClocks else { return nil }
    for id in pathIDs + texts(in: .object(parameters)) {
      guard let clock = try store.clock(ofObject: id),
        let object = try store.object(type: type, id: clock),
        let now = object.timestamp("frozen_time")
      else { continue }
      return (clock, now)
    }
    return nil
  }

  private static func texts(in value: JSON) -> [String] {
    switch value {
    case .string(let text): [text]
    case .array(let elements): elements.flatMap(texts(in:))
    case .object(let object): object.flatMap { texts(in: $0.value) }
    default: []
    }
  }
}
