package import Basics

/// Making, rotating and revoking keys. All of it is local: Stripe knows nothing of them.
extension Transaction {
  /// Makes a key. Under an idempotency key that stands for the same, nothing more is made.
  package func issue(
    _ request: APIKey.Request, as fresh: APIKey.Fresh, at now: Timestamp
  ) throws -> APIKey.Issued {
    if let made = try keyMade(by: request) { return APIKey.Issued(key: made, secret: nil) }
    try requireFreeName(request, at: now)
    return try put(request, fresh, rotating: nil, at: now)
  }

  /// Throws `APIKeyConflict` where the customer has an active key of that name: two could not be
  /// told apart. One that was rotated gives its name away.
  package func requireFreeName(_ request: APIKey.Request, at now: Timestamp) throws {
    guard let name = request.name else { return }
    let keys = try apiKeys(ofCustomer: request.customerID)
    let rotated = Set(keys.compactMap { $0.rotatedFromID })
    let namesake = keys.first {
      $0.name == name && $0.isActive(at: now) && !rotated.contains($0.id)
    }
    if let namesake { throw APIKeyConflict.nameTaken(namesake) }
  }

  /// Makes a key in the place of another one, which goes on for the overlap, and ends at once
  /// without one. What the request does not say the new key has of the old one; a key that was made
  /// for 90 days is followed by one for 90 days.
  package func rotate(
    _ id: String, overlap: TimeSpan, _ request: APIKey.Request, as fresh: APIKey.Fresh,
    at now: Timestamp
  ) throws -> (old: APIKey, new: APIKey.Issued) {
    if let made = try keyMade(by: request), let oldID = made.rotatedFromID,
      let old = try apiKey(oldID)
    {
      return (old, APIKey.Issued(key: made, secret: nil))
    }
    var old = try requireRotatable(id, at: now)
    let new = try put(request, fresh, rotating: old, at: now)
    let end = now + overlap
    if end > now {
      old.expiresAt = min(end, old.expiresAt ?? .latest)
      try setExpiry(of: old)
    } else {
      old.revokedAt = now
      try setRevoked(old, by: request.actor)
    }
    return (old, new)
  }

  /// The key that may be rotated. Throws `APIKeyConflict` where it has ended or was rotated before:
  /// a second successor would be one that nobody expects.
  package func requireRotatable(_ id: String, at now: Timestamp) throws -> APIKey {
    guard let key = try apiKey(id) else { throw APIKeyConflict.unknown(id: id) }
    if let successor = try apiKeys(ofCustomer: key.customerID).first(where: {
      $0.rotatedFromID == id
    }) {
      throw APIKeyConflict.isRotated(id: id, into: successor.id)
    }
    guard key.isActive(at: now) else { throw APIKeyConflict.hasEnded(key) }
    return key
  }

  /// Revokes a key for good; one that is revoked stays as it is.
  package func revoke(
    _ id: String, by actor: String, idempotencyKey: String?, at now: Timestamp
  ) throws -> APIKey {
    let named: JSON = ["id": .string(id)]
    let change = OwnChange("apikey revoke", meaning: named.compact, key: idempotencyKey)
    let isKept = try answer(to: change) != nil
    guard var key = try apiKey(id) else { throw APIKeyConflict.unknown(id: id) }
    if !isKept { try keep(named, to: change) }
    guard key.revokedAt == nil else { return key }
    key.revokedAt = now
    try setRevoked(key, by: actor)
    return key
  }

  /// The key that an earlier run made under the same idempotency key; throws where that stands for
  /// something else.
  private func keyMade(by request: APIKey.Request) throws -> APIKey? {
    try answer(to: request.change)?["id"]?.string.flatMap { try apiKey($0) }
  }

  private func put(
    _ request: APIKey.Request, _ fresh: APIKey.Fresh, rotating old: APIKey?, at now: Timestamp
  ) throws -> APIKey.Issued {
    let inherited = old?.expiresAt.map { now + ($0 - (old?.created ?? now)) }
    let key = APIKey(
      id: fresh.id, customerID: request.customerID, name: request.name ?? old?.name,
      prefix: fresh.secret.prefix, familyID: old?.familyID ?? fresh.id, rotatedFromID: old?.id,
      created: now, expiresAt: request.expiresAt ?? inherited)
    try insert(key, hash: fresh.secret.hash, request)
    try keep(["id": .string(key.id)], to: request.change)
    return APIKey.Issued(key: key, secret: fresh.secret.secret)
  }
}
