import Basics

/// What an object becomes that Stripe no longer has, though nobody told that it was deleted.
extension Snapshot {
  /// A subscription is canceled, and a payment method nobody's; of what can be deleted the id is
  /// left. Nil for payments, which stay as they were told last.
  static func gone(_ stored: JSON, asOf: Timestamp) -> Snapshot? {
    guard var object = stored.object, let type = object["object"]?.string,
      let snapshot = Snapshot(stored, origin: .page, asOf: asOf, cause: nil)
    else { return nil }
    switch type {
    case "subscription":
      object["status"] = "canceled"
      for key in ["canceled_at", "ended_at"] where (object[key] ?? .null) == .null {
        object[key] = .integer(asOf.seconds)
      }
    case "subscription_schedule":
      guard !Freshness.isTerminal(stored) else { return nil }
      object["status"] = "canceled"
      object["canceled_at"] = .integer(asOf.seconds)
    case "payment_method": object["customer"] = .null
    case "charge", "payment_intent", "refund", "checkout.session": return nil
    default: return snapshot.deleted
    }
    return snapshot.nested(.object(object))
  }
}
