import Basics
import Stripe

/// Reads objects again whose state the events do not settle, or that somebody wants to be sure of.
package struct Refetch: Sendable {
  private let gateway: StripeGateway

  package init(gateway: StripeGateway) { self.gateway = gateway }

  /// Reads what is in doubt, and says how many objects that were. Throws `StripeError`, and what
  /// the store throws; what was read until then is no longer in doubt.
  package func settleDoubts(limit: Int = 100) async throws -> Int {
    let objects = try gateway.store.read { try $0.objectsInDoubt(limit: limit) }
    for object in objects { try await read(id: object.id, type: object.type) }
    return objects.count
  }

  /// Wants the objects of events read again: as of now they are in doubt, where the mirror has them.
  package static func doubt(objectsOf eventIDs: [String], in store: Store) throws {
    guard !eventIDs.isEmpty else { return }
    try store.write { transaction in
      for id in eventIDs {
        guard let object = try transaction.event(id)?.objectID else { continue }
        try transaction.setDoubt(true, ofObject: object)
      }
    }
  }

  /// What Stripe no longer has stays as it was told last.
  private func read(id: String, type: String) async throws {
    if let collection = Self.collections[type] {
      let path = StripePath(segments: ["v1"] + collection + [id])
      _ = try await gateway.readIfKnown(path, cause: nil)
    }
    try gateway.store.write { try $0.setDoubt(false, ofObject: id) }
  }

  /// Where an object of a type is read.
  static let collections: [String: [String]] = [
    "customer": ["customers"], "subscription": ["subscriptions"],
    "subscription_schedule": ["subscription_schedules"], "invoice": ["invoices"],
    "payment_method": ["payment_methods"], "product": ["products"], "price": ["prices"],
    "coupon": ["coupons"], "promotion_code": ["promotion_codes"], "refund": ["refunds"],
    "charge": ["charges"], "payment_intent": ["payment_intents"],
    "checkout.session": ["checkout", "sessions"], "billing.meter": ["billing", "meters"],
    "entitlements.feature": ["entitlements", "features"],
    "test_helpers.test_clock": ["test_helpers", "test_clocks"],
  ]
}
