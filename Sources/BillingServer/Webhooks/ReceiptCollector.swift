import BillingCore
import Synchronization

/// Gathers the events that wait into one durable transaction: while one is written, the next ones
/// come together, so that a commit serves all who wait for it.
final class ReceiptCollector: Sendable {
  private struct Waiting: Sendable {
    let event: IncomingEvent
    let continuation: CheckedContinuation<EventReceipt, any Error>
  }

  private let enqueue: @Sendable (@escaping @Sendable () -> Void) -> Void
  private let keep: @Sendable ([IncomingEvent]) throws -> [EventReceipt]
  private let waiting = Mutex<[Waiting]>([])

  /// - Parameters:
  ///   - enqueue: runs something after what is under way, one at a time.
  ///   - keep: writes events down durably.
  init(
    enqueue: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
    keep: @escaping @Sendable ([IncomingEvent]) throws -> [EventReceipt]
  ) {
    self.enqueue = enqueue
    self.keep = keep
  }

  /// Returns when the event is durable.
  func keep(_ event: IncomingEvent) async throws -> EventReceipt {
    try await withCheckedThrowingContinuation { continuation in
      let isFirst = waiting.withLock { waiting in
        waiting.append(Waiting(event: event, continuation: continuation))
        return waiting.count == 1
      }
      // Who comes later goes with the first one.
      if isFirst { enqueue { self.keepWaiting() } }
    }
  }

  private func keepWaiting() {
    let batch = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    do {
      let receipts = try keep(batch.map { $0.event })
      for (one, receipt) in zip(batch, receipts) { one.continuation.resume(returning: receipt) }
    } catch StoreError.failed where batch.count > 1 {
      // It may be one of them that cannot be kept.
      for one in batch { one.continuation.resume(with: Result { try keep([one.event])[0] }) }
    } catch {
      for one in batch { one.continuation.resume(throwing: error) }
    }
  }
}
