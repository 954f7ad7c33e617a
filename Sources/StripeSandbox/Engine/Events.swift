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
    // Nothing waits for delivery here, so that every event counts as delivered.
    if call.bool("delivery_success") == false {
      return call.list(of: [], url: call.path)
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
    return call.listObject(try call.store.events(query, types: types), page: page)
  }

  private static func retrieve(_ call: Call) throws -> JSON {
    guard let event = try call.store.event(id: call.id) else {
      throw SandboxError.missing("event", id: call.id)
    }
    return .object(event)
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
    let body = body(of: event, in: settings.apiVersion)
    try store.insertEvent(id: event.id, type: type, created: now, body: body.compact)
  }
}
