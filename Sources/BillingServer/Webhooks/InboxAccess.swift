import Basics
import BillingCore
import Dispatch
import Synchronization

/// The inbox behind a server: one use of it at a time, on a queue of its own, since SQLite blocks
/// and the threads that serve the sockets must not.
final class InboxAccess: Sendable {
  private let queue = DispatchQueue(label: "billing.inbox", qos: .userInitiated)
  private let store: Store
  private let inbox: @Sendable () -> Inbox
  private let isInTrouble = Mutex(false)
  private let onTrouble: @Sendable (any Error) -> Void

  /// - Parameters:
  ///   - inbox: asked for anew each time, since the catalogue may have changed.
  ///   - onTrouble: told when the database fails, not again until it has worked in between.
  init(
    store: Store, inbox: @escaping @Sendable () -> Inbox,
    onTrouble: @escaping @Sendable (any Error) -> Void
  ) {
    self.store = store
    self.inbox = inbox
    self.onTrouble = onTrouble
  }

  /// Has something done after what is under way.
  func enqueue(_ work: @escaping @Sendable () -> Void) { queue.async(execute: work) }

  /// Uses the inbox without holding a thread of the server.
  func perform<Value: Sendable>(
    _ work: @escaping @Sendable (Store, Inbox) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      enqueue { continuation.resume(with: Result { try self.use(work) }) }
    }
  }

  /// Uses the inbox on its queue. What was written into a file that has gone is not kept, so that
  /// fails, too.
  func use<Value>(_ work: (Store, Inbox) throws -> Value) throws -> Value {
    do {
      let value = try work(store, inbox())
      guard store.isInPlace else { throw StoreError.replaced(path: store.path) }
      isInTrouble.withLock { $0 = false }
      return value
    } catch {
      note(error)
      throw error
    }
  }

  /// Why nothing can be kept; nil where all is well. Waits for no writer while all is well; after a
  /// failure it tries to write.
  func trouble() async -> (any Error)? {
    guard store.isInPlace else { return StoreError.replaced(path: store.path) }
    guard isInTrouble.withLock({ $0 }) else { return nil }
    do {
      try await perform { store, _ in
        try store.write { try $0.setCursor("listener", to: $0.now.iso8601) }
      }
      return nil
    } catch {
      return error
    }
  }

  private func note(_ error: any Error) {
    let isFirst = isInTrouble.withLock { isInTrouble in
      defer { isInTrouble = true }
      return !isInTrouble
    }
    if isFirst { onTrouble(error) }
  }
}
