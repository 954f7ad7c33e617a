package import Basics
import Stripe

/// Remembers from when a previewed change was reckoned, so that the change itself, carried out soon
/// after, is reckoned from the same moment and costs what the preview showed, to the cent.
package struct PreviewMemory: Sendable {
  /// How long a preview counts.
  static let lifetimeSeconds: Int64 = 3600

  private let store: Store

  package init(store: Store) { self.store = store }

  /// The moment of the preview of a change that means the same, where nothing has happened since to
  /// the subscription nor to the prices that it is to have.
  package func moment(of change: PlanChange, now: Timestamp) throws -> Timestamp? {
    guard let text = try store.read({ try $0.preview(ofSubscription: change.subscription.id) }),
      let memory = try? JSON(parsing: text), memory["meaning"]?.string == Self.meaning(of: change),
      memory["state"] == Self.state(before: change), memory["prices"] == Self.prices(of: change),
      let date = memory["date"]?.integer.map({ Timestamp($0) }),
      (0...Self.lifetimeSeconds).contains(now - date)
    else { return nil }
    return date
  }

  /// A database that can only be read remembers nothing.
  package func remember(_ change: PlanChange, at moment: Timestamp) throws {
    guard !store.isReadOnly else { return }
    let memory: JSON = [
      "meaning": .string(Self.meaning(of: change)), "state": Self.state(before: change),
      "prices": Self.prices(of: change), "date": .integer(moment.seconds),
    ]
    try store.write {
      try $0.setPreview(ofSubscription: change.subscription.id, to: memory.compact)
    }
  }

  private static func meaning(of change: PlanChange) -> String {
    change.request.intent(ofCustomer: change.subscription.customerID).meaning
  }

  /// The prices that it is to have: one of a plan may have been replaced since by another.
  private static func prices(of change: PlanChange) -> JSON {
    .array(([change.priceID] + (change.target?.overagePriceIDs ?? [])).map(JSON.string))
  }

  /// What a preview rests on.
  private static func state(before change: PlanChange) -> JSON {
    let subscription = change.subscription
    return [
      "status": .string(subscription.status.rawValue),
      "invoice": JSON(subscription.latestInvoiceID),
      "period": JSON(subscription.currentPeriodStart?.seconds),
      "items": .array(
        subscription.items.map {
          [.string($0.id), .string($0.price.id), JSON($0.quantity)]
        }),
      "discounts": .array(subscription.discounts.map { JSON($0.id) }),
    ]
  }
}
