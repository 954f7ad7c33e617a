import Basics
import Stripe

/// Reads thin events of meter errors whole, since what comes in names the meter alone.
package struct MeterErrorEvents: Sendable {
  private let gateway: StripeGateway

  package init(gateway: StripeGateway) { self.gateway = gateway }

  /// The event as Stripe has it; the same where it tells all, where nothing of ours was reported to
  /// its meter, and where Stripe does not have it.
  package func whole(_ incoming: IncomingEvent) async throws -> IncomingEvent {
    guard incoming.isThin,
      try gateway.store.read({
        try $0.hasUsageReports(toMeter: incoming.event.object["id"]?.string)
      })
    else { return incoming }
    let path = StripePath(segments: ["v2", "core", "events", incoming.event.id])
    guard let json = try await gateway.readIfKnown(path) else { return incoming }
    return try IncomingEvent(Array(json.compact.utf8), verdict: .trusted)
  }

  /// The same of an event of the inbox; nil where there is none, or it is no such event.
  package func whole(_ id: String) async throws -> IncomingEvent? {
    guard let kept = try gateway.store.read({ try $0.keptEvent(id) }),
      HandledEvents.tellsMeterErrors(kept.event.type)
    else { return nil }
    let incoming = try IncomingEvent(kept.body, verdict: kept.event.verdict)
    return incoming.isThin ? try await whole(incoming) : nil
  }

  /// Reads events of the inbox, and applies them. Those that Stripe does not have stay as they are,
  /// and are returned.
  @discardableResult
  package func settle(_ ids: [String]) async throws -> Set<String> {
    var missing: Set<String> = []
    for id in ids {
      guard let event = try await whole(id), !event.isThin else {
        missing.insert(id)
        continue
      }
      _ = try Inbox(store: gateway.store, mirror: gateway.mirror).take([event])
    }
    return missing
  }
}
