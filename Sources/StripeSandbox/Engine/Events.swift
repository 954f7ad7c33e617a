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
  /// Records that something happened to an object, in the call's own transaction.
  ///
  /// - Parameter previous: the former values of what changed, for `….updated`.
  func emit(_ type: String, _ object: JSONObject, previous: JSONObject? = nil) throws {
    let id = newID("evt", length: 24)
    let snapshot = Rendering(call: self).plain(.object(object))
    var data: JSONObject = ["object": snapshot]
    if let previous { data["previous_attributes"] = .object(previous) }
    let event: JSON = [
      "id": .string(id), "object": "event", "api_version": .string(APIVersion.current),
      "created": .integer(now.seconds), "data": .object(data), "livemode": false,
      "pending_webhooks": 0,
      "request": ["id": JSON(requestID), "idempotency_key": JSON(idempotencyKey)],
      "type": .string(type),
    ]
    try store.insertEvent(id: id, type: type, created: now, body: event.compact)
  }
}
