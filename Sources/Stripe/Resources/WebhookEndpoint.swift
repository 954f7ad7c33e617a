package import Basics

/// An address to which Stripe sends events
/// (https://docs.stripe.com/api/webhook_endpoints/object).
package struct WebhookEndpoint: Sendable, Hashable {
  package let id: String
  package let url: String
  /// `enabled` or `disabled`.
  package let status: String
  /// The types that it is sent; `*` for all.
  package let enabledEvents: [String]
  /// In whose layout the events are; nil for that of the account.
  package let apiVersion: String?
  package let description: String?
  package let isLive: Bool
  package let created: Timestamp
  /// What signs the events; told once, to whoever made the endpoint.
  package let secret: Secret?

  package init(_ json: JSON) throws(MalformedObject) {
    let fields = try ObjectReader(json, kind: "webhook_endpoint")
    id = try fields.identifier()
    url = try fields.text("url")
    status = try fields.optionalText("status") ?? "enabled"
    enabledEvents = json["enabled_events"]?.array?.compactMap { $0.string } ?? []
    apiVersion = try fields.optionalText("api_version")
    description = try fields.optionalText("description")
    isLive = try fields.flag("livemode")
    created = try fields.time("created")
    secret = try fields.optionalText("secret").map { Secret($0) }
  }
}
