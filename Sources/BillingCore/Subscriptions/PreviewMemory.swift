package import Basics
package import Stripe

/// Remembers from when a previewed change was reckoned, so that the change itself, carried out soon
/// after, is reckoned from the same moment and costs what the preview showed, to the cent.
package struct PreviewMemory: Sendable {
  /// How long a preview counts.
  static let lifetimeSeconds: Int64 = 3600

  private let store: Store

  package init(store: Store) { self.store = store }

  /// The moment of the preview of a change that means the same, where nothing has happened to the
  /// subscription since.
  package func moment(
    of intent: OperationIntent, _ subscription: Subscription, now: Timestamp
  ) throws -> Timestamp? {
    guard let text = try store.read({ try $0.preview(ofSubscription: subscription.id) }),
      let memory = try? JSON(parsing: text), memory["meaning"]?.string == intent.meaning,
      memory["state"] == Self.state(of: subscription),
      let date = memory["date"]?.integer.map({ Timestamp($0) }),
      (0...Self.lifetimeSeconds).contains(now - date)
    else { return nil }
    return date
  }

  /// A database that can only be read remembers nothing.
  package func remember(
    _ intent: OperationIntent, _ subscription: Subscription, at moment: Timestamp
  ) throws {
    guard !store.isReadOnly else { return }
    let memory: JSON = [
      "meaning": .string(intent.meaning), "state": Self.state(of: subscription),
      "date": .integer(moment.seconds),
    ]
    try store.write { try $0.setPreview(ofSubscription: subscription.id, to: memory.compact) }
  }

  /// What a preview rests on.
  private static func state(of subscription: Subscription) -> JSON {
    [
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
