import Basics

/// Something that happened to an object, before it has the layout of a version.
struct Happening {
  /// The event's id: `evt_…`.
  let id: String
  let type: String
  let object: JSONObject
  /// What the object was before; nil where the event does not say what changed.
  let old: JSONObject?
}

extension Call {
  /// The body of an event in the layout of a version: that of the account, or of a webhook endpoint.
  func body(of event: Happening, in version: APIVersion) -> JSON {
    let object = snapshot(event.object, in: version)
    var data: JSONObject = ["object": .object(object)]
    if let old = event.old {
      data["previous_attributes"] = .object(
        Difference.previous(of: object, since: snapshot(old, in: version)))
    }
    return [
      "id": .string(event.id), "object": "event", "api_version": .string(version.description),
      "created": .integer(now.seconds), "data": .object(data), "livemode": false,
      "pending_webhooks": 0,
      "request": ["id": JSON(requestID), "idempotency_key": JSON(idempotencyKey)],
      "type": .string(event.type),
    ]
  }

  /// What a stored object shows of itself to a version.
  private func snapshot(_ object: JSONObject, in version: APIVersion) -> JSONObject {
    Rendering(call: self, version: version).plain(.object(object)).object ?? object
  }
}
