import BillingCore

extension APIKeyConflict: Explainable {
  var explanation: CommandError {
    switch self {
    case .unknown(let id):
      .notFound(
        "no API key \(Arguments.quoted(id))", hint: "billing apikey list CUSTOMER shows their ids")
    case .nameTaken(let key):
      .conflict(
        "already_exists", "\(key.customerID) has an active key \(key.name ?? "-"): \(key.id)",
        hint: "billing apikey rotate \(key.id) issues another one in its place")
    case .isRotated(let id, let successor):
      .conflict(
        "invalid_state", "\(id) was rotated already: \(successor) came in its place",
        hint: "billing apikey rotate \(successor)")
    case .hasEnded(let key):
      .conflict(
        "invalid_state", "\(key.id) \(key.revokedAt == nil ? "has expired" : "was revoked")",
        hint: "billing apikey create \(key.customerID) issues a new one")
    }
  }
}
