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

    package var defaultHeader: String {
      switch self {
      case .standard: "webhook-signature"
      case .stripe: "Stripe-Signature"
      }
    }
  }

  /// So many there can be: each is told by itself, and they are told beside each other.
  package static let most = 16

  package var id: String
  package var url: String
  /// The kinds that it wants, by name or pattern.
  package var events: [EventTypePattern]
  package var scheme: Scheme
  /// The header that bears the signature.
  package var signatureHeader: String
  /// From when on it hears of what happens.
  package var created: Timestamp
  package var removedAt: Timestamp?

  package init(
    id: String, url: String, events: [EventTypePattern], scheme: Scheme,
    signatureHeader: String? = nil, created: Timestamp, removedAt: Timestamp? = nil
  ) {
    self.id = id
    self.url = url
    self.events = events
    self.scheme = scheme
    self.signatureHeader = signatureHeader ?? scheme.defaultHeader
    self.created = created
    self.removedAt = removedAt
  }

  package func wants(_ kind: Occurrence.Kind) -> Bool {
    events.contains { $0.matches(kind.rawValue) }
  }

  /// The secret of an endpoint, of 32 letters and digits that nobody can guess: read as Base64 they
  /// are the 24 bytes that Standard Webhooks asks for.
  package static func secret(_ random: String) -> Secret { Secret(secretPrefix + random) }

  package static let secretLength = 32
  static let secretPrefix = "whsec_"
}

/// What stands in the way of a change of endpoints, or of a delivery.
package enum OutgoingConflict: Error, Sendable, Hashable {
  case unknownEndpoint(id: String)
  case unknownDelivery(id: String)
  /// An endpoint is told there already: two would bring everything twice.
  case addressTaken(id: String, url: String)
  case tooManyEndpoints
  /// Nothing is sent to it any more.
  case isRemoved(endpointID: String)
  case isDelivered(OutgoingDelivery)
}
