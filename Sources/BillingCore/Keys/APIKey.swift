package import Basics

/// A key that was issued to a customer: everything that is known of it but the key itself.
package struct APIKey: Sendable, Hashable {
  package let id: String
  package let customerID: String
  package let name: String?
  /// The beginning of the key, which tells it apart.
  package let prefix: String
  /// The first of the keys that followed one another by rotation: together they have one rate limit.
  package let familyID: String
  /// The key in whose place it came.
  package let rotatedFromID: String?
  package let created: Timestamp
  /// From when on it is refused; nil for never.
  package var expiresAt: Timestamp?
  package var revokedAt: Timestamp?
  /// When it was last let through.
  package var lastUsedAt: Timestamp?

  /// Whether it is let through, as far as that is the key's own matter.
  package func isActive(at now: Timestamp) -> Bool {
    revokedAt == nil && (expiresAt.map { now < $0 } ?? true)
  }
}

extension APIKey {
  /// A key as it was asked for.
  package struct Request: Sendable, Hashable {
    package var customerID: String
    package var name: String?
    package var expiresAt: Timestamp?
    /// Who asks.
    package var actor: String
    package var change: OwnChange

    package init(
      customerID: String, name: String?, expiresAt: Timestamp?, actor: String, change: OwnChange
    ) {
      self.customerID = customerID
      self.name = name
      self.expiresAt = expiresAt
      self.actor = actor
      self.change = change
    }
  }

  /// An id and a key that nobody has yet.
  package struct Fresh: Sendable, Hashable {
    package let id: String
    package let secret: APIKeySecret

    package init(id: String, secret: APIKeySecret) {
      self.id = id
      self.secret = secret
    }
  }

  /// What became of a request. Nobody can tell the secret of a key that an earlier run made.
  package struct Issued: Sendable, Hashable {
    package let key: APIKey
    package let secret: Secret?
  }
}

/// Why a key cannot be made, changed or found.
package enum APIKeyConflict: Error, Sendable, Hashable {
  case unknown(id: String)
  /// The customer has an active key of this name.
  case nameTaken(APIKey)
  /// Another key came in its place already.
  case isRotated(id: String, into: String)
  /// It was revoked, or has expired.
  case hasEnded(APIKey)
}
