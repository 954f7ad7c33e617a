extension Tour {
  /// Webhook endpoints, and the events that they are told of.
  static let webhooks = """
    POST /v1/webhook_endpoints url=https://example.com/hook&enabled_events[]=* > endpoint
    POST /v1/webhook_endpoints/{endpoint} description=x
    GET /v1/webhook_endpoints
    GET /v1/webhook_endpoints/{endpoint}
    GET /v1/events > events
    POST /v1/events/{events.data.0.id}/retry webhook_endpoint={endpoint}
    DELETE /v1/webhook_endpoints/{endpoint}
    GET /v1/events > events
    GET /v1/events/{events.data.0.id}
    """
}
