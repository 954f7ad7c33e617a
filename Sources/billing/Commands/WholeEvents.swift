import Basics
import BillingCore
import Stripe

/// A source of events whose thin ones are read whole from Stripe where a key is at hand.
struct WholeEvents: EventSource {
  let source: any EventSource
  let context: Context

  var aheadCount: Int { source.aheadCount }

  func next() async throws -> EventBatch? {
    guard var batch = try await source.next() else { return nil }
    for (index, reading) in batch.readings.enumerated() {
      guard let whole = try await whole(reading) else { continue }
      batch.readings[index] = .event(whole)
    }
    return batch
  }

  /// Nil where the reading stays as it is. Where Stripe cannot be asked, the event says so itself.
  private func whole(_ reading: EventReading) async throws -> IncomingEvent? {
    switch reading {
    case .event(let event) where event.isThin:
      return try await reader()?.whole(event)
    case .kept(let event) where HandledEvents.tellsMeterErrors(event.type):
      return try await reader()?.whole(event.id)
    case .event, .kept, .unreadable: return nil
    }
  }

  private func reader() async throws -> MeterErrorEvents? { try await context.meterErrorEvents() }
}

extension Context {
  /// Nil without a key.
  func meterErrorEvents() async throws -> MeterErrorEvents? {
    guard (try? key()) != nil else { return nil }
    return MeterErrorEvents(gateway: try await gateway())
  }
}
