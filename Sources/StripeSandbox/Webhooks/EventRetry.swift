import Basics

/// Sends an event again: `POST /v1/events/{id}/retry`, which the Stripe CLI calls and the SDKs do
/// not have.
enum EventRetry: Resource {
  static let types: [ResourceType] = []

  static let operations: [Operation] = [
    Operation(
      method: "POST", path: "/v1/events/{id}/retry", run: retry,
      facts: OperationFacts(
        parameters: .object(
          [
            "expand": .array(.string), "for_stripecli": .boolean, "webhook_endpoint": .string,
          ], required: []), returns: "event"))
  ]

  /// What was delivered is sent, too; the retries that go on by themselves are not touched.
  ///
  /// Without an endpoint all that want the event get it, and what `sandbox serve --webhook` names;
  /// the latter alone when the Stripe CLI asks on its own behalf.
  private static func retry(_ call: Call) throws -> JSON {
    let event = try Events.kept(call)
    let type = event.string("type") ?? ""
    if let id = call.string("webhook_endpoint") {
      let endpoint = try call.referenced(
        "webhook_endpoint", id, parameter: "webhook_endpoint")
      guard endpoint.string("status") == "enabled" else {
        throw SandboxError.invalid(
          "The webhook endpoint \(id) is disabled.", parameter: "webhook_endpoint")
      }
      try resend(event, type, to: endpoint.id, call)
    } else {
      if call.bool("for_stripecli") != true {
        for endpoint in try call.endpoints(for: type) {
          try resend(event, type, to: endpoint.id, call)
        }
      }
      try resend(event, type, to: Listener.anyone, call)
    }
    return .object(try Events.shown(event, call))
  }

  /// An event keeps its layout: what an endpoint was sent once it is sent again, whatever its
  /// version is now; one that never was sent the event gets it in the account's version.
  private static func resend(
    _ event: JSONObject, _ type: String, to endpoint: String, _ call: Call
  ) throws {
    let body = try call.store.deliveredBody(event: event.id, endpoint: endpoint)
    try call.store.insertDelivery(
      event: event.id, type: type, endpoint: endpoint,
      body: body ?? JSON.object(event).compact, origin: .resent)
  }
}
