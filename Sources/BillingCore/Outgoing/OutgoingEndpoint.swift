package import Basics

/// A service of the company's own that hears of what happens.
package struct OutgoingEndpoint: Sendable, Hashable {
  /// How deliveries are signed.
  package enum Scheme: String, Sendable, Hashable, CaseIterable {
    /// Standard Webhooks (https://www.standardwebhooks.com): `webhook-id`, `webhook-timestamp` and
    /// `webhook-signature`.
    case standard
    /// As Stripe signs, in one header: `t=…,v1=…`.
    case stripe
  }

  package var id: String
  package var url: String
  /// The kinds that it wants, by name or pattern.
  package var events: [EventTypePattern]
  package var scheme: Scheme
  /// The header that bears the signature.
  package var signatureHeader: String
  /// From when on it hears of what happens.
  package var created: Timestamp

  package init(
    id: String, url: String, events: [EventTypePattern], scheme: Scheme,
    signatureHeader: String? = nil, created: Timestamp
  ) {
    self.id = id
    self.url = url
    self.events = events
    self.scheme = scheme
    self.signatureHeader = signatureHeader ?? scheme.defaultHeader
    self.created = created
  }

  package func wants(_ kind: Occurrence.Kind) -> Bool {
    events.contains { $0.matches(kind.rawValue) }
  }
}

extension OutgoingEndpoint.Scheme {
  package var defaultHeader: String {
    switch self {
    case .standard: "webhook-signature"
    case .stripe: "Webhook-Signature"
    }
  }
}
