import Basics

extension Call {
  /// The endpoints that are sent events of a type.
  func endpoints(for type: String) throws -> [JSONObject] {
    try store.webhookEndpoints().filter { WebhookEndpoints.wants($0, type) }
  }

  /// The body of an event in the layout of a version, which says how many endpoints are to get it.
  func body(of event: Happening, in version: APIVersion, pending: Int) -> JSON {
    let body = body(of: event, in: version)
    guard pending > 0, let object = body.object else { return body }
    return .object(object.setting(["pending_webhooks": .integer(Int64(pending))]))
  }

  /// Notes what is to be sent to each of these endpoints, in the layout of its version.
  func deliver(_ event: Happening, to endpoints: [JSONObject]) throws {
    for endpoint in endpoints {
      let version = endpoint.string("api_version").flatMap { APIVersion($0) }
      let body = body(
        of: event, in: version ?? settings.apiVersion, pending: endpoints.count)
      try store.insertDelivery(
        event: event.id, type: event.type, endpoint: endpoint.id, body: body.compact,
        origin: .automatic)
    }
  }
}
