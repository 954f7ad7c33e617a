import Basics
import BillingCore
import Stripe

struct WebhookEndpointsList: Command {
  static let name = "webhook endpoints list"
  static let summary = "List the webhook endpoints that Stripe sends events to"
  static let discussion = """
    The newest first, as Stripe has them. An endpoint has the fields id, url, status (enabled or
    disabled), enabled_events (* for all), api_version (null: that of the account), description,
    livemode and created. Its secret is told once, by webhook endpoints create.
    """
  static let parameters: [Parameter] = Parameter.limits
  static let examples = ["webhook endpoints list"]

  var limit: Int?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    limit = try arguments.listLimit()
  }

  func run(_ context: Context) async throws -> ListReport {
    let (endpoints, hasMore) = try await context.webhookEndpoints(limit: limit)
    return ListReport(
      endpoints.map { .object(EndpointView.json($0)) }, hasMore: hasMore, keys: EndpointView.keys,
      columns: EndpointView.columns, empty: "no webhook endpoints")
  }
}

extension Context {
  /// The webhook endpoints, the newest first. The mirror has none of them.
  func webhookEndpoints(
    limit: Int? = nil
  ) async throws -> (endpoints: [WebhookEndpoint], hasMore: Bool) {
    guard !settings.readsLocally else {
      throw CommandError.usage(
        "webhook endpoints stand at Stripe alone", hint: "leave --local out")
    }
    let found = try await gateway().list(StripePath("webhook_endpoints"), limit: limit)
    return (try found.objects.map { try WebhookEndpoint($0) }, found.hasMore)
  }
}
