import Basics
import BillingCore
import Stripe
import Synchronization

@testable import billing

extension Shop {
  /// A customer with a subscription; returns both as the commands show them.
  func subscriber(_ email: String = "ada@example.com") async throws -> (customer: String, JSON) {
    let made = try await json("subscribe \(email) team --create --payment-method pm_card_visa")
    return (made["customer"]?.string ?? "-", made)
  }

  /// Hands an event to the inbox, as if it had come in; with the outcome.
  @discardableResult
  func receive(
    _ id: String, _ type: String, _ object: JSON, at created: Timestamp? = nil,
    with fields: JSONObject = [:], verdict: IncomingEvent.Verdict = .verified
  ) throws -> EventOutcome {
    let context = try world.context("--sandbox --quiet")
    let moment = created ?? world.clock.withLock { $0 }
    var event: JSONObject = [
      "id": .string(id), "object": "event", "type": .string(type),
      "created": .integer(moment.seconds), "livemode": false,
      "api_version": "2026-10-28.endive", "data": ["object": object],
    ]
    for (key, value) in fields { event[key] = value }
    let incoming = try IncomingEvent(Array(JSON.object(event).compact.utf8), verdict: verdict)
    let inbox = Inbox(store: try context.store(), mirror: context.mirror())
    return try inbox.take([incoming])[0]
  }

  /// An object of a subscription that nobody can read: its items are no list.
  func brokenSubscription(of customer: String, id: String = "sub_broken") -> JSON {
    ["id": .string(id), "object": "subscription", "customer": .string(customer), "items": 1]
  }
}
