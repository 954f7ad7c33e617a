import Basics

/// What happened: `/v1/events`.
enum Events: Resource {
  static let types = [ResourceType("event", idPrefix: "evt")]

  static let operations: [Operation] = [
    .get("/v1/events", list),
    .get("/v1/events/{id}", retrieve),
  ]

  private static func list(_ call: Call) throws -> JSON {
    var types = call.array("types")?.compactMap { $0.string } ?? []
    if let type = call.string("type") {
      guard types.isEmpty else {
        throw SandboxError.invalid("You may only specify one of these parameters: type, types.")
      }
      types = [type]
    }
    guard types.count <= 20 else {
      throw SandboxError.invalid("You may only pass up to 20 types.", parameter: "types")
    }
    let page = try call.page { cursor in
      guard let sequence = try call.store.eventSequence(id: cursor.id) else {
        throw SandboxError.missing(
          "event", id: cursor.id, parameter: cursor.parameter, status: 400)
      }
      return sequence
    }
    var query = ObjectQuery(type: "event")
    query.created = try call.createdRange()
    (query.before, query.after, query.limit) = (page.before, page.after, page.limit + 1)
    let events = try call.store.events(
      query, types: types, isDelivered: call.bool("delivery_success"), since: oldest(call))
    return call.listObject(try events.map { try shown($0, call) }, page: page)
  }

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try shown(try kept(call), call))
  }

  /// The event that the path names; 404 where there is none, or none any more.
  static func kept(_ call: Call) throws -> JSONObject {
    guard let event = try call.store.event(id: call.id, since: oldest(call)) else {
      throw SandboxError.missing("event", id: call.id)
    }
    return event
  }

  /// Events are shown for 30 days of the sandbox's clock. Those of a test clock, whose time has
  /// nothing to do with it, are always shown.
  private static func oldest(_ call: Call) -> Timestamp { call.now - 30 * 86_400 }

  /// An event as it was made, with the number of endpoints that have not got it yet.
  static func shown(_ event: JSONObject, _ call: Call) throws -> JSONObject {
    event.setting(["pending_webhooks": .integer(try call.store.undeliveredCount(event: event.id))])
  }
}

extension Call {
  /// Records that something happened to an object, in the call's own transaction and in the layout
  /// of the account's version; nothing where that version has no such events.
  ///
  /// - Parameter old: what the object was, for events that tell what changed.
  func emit(_ type: String, _ object: JSONObject, since old: JSONObject? = nil) throws {
    guard VersionChanges.hasEvents(type, in: settings.apiVersion) else { return }
    let event = Happening(id: newID("evt", length: 24), type: type, object: object, old: old)
    let endpoints = try endpoints(for: type)
    let body = body(of: event, in: settings.apiVersion, pending: endpoints.count)
    try store.insertEvent(
      id: event.id, type: type, created: now, clock: clock, body: body.compact)
    try deliver(event, to: endpoints)
  }
}
