import Dispatch
import StripeSandbox
import Synchronization

/// The sandbox behind a server: one use of it at a time, on a queue of its own, since SQLite blocks
/// and the threads that serve the sockets must not.
final class SandboxAccess: Sendable {
  private let queue = DispatchQueue(label: "billing.sandbox")
  private let current: Mutex<Sandbox>
  private let webhook: SandboxServer.Webhook?

  init(_ sandbox: Sandbox, webhook: SandboxServer.Webhook?) {
    current = Mutex(sandbox)
    self.webhook = webhook
  }

  /// From now on all events are for the webhook, if there is one.
  func begin() async throws {
    guard let webhook else { return }
    try await perform { try $0.listen(url: webhook.url, secret: webhook.secret) }
  }

  func end() async {
    await withCheckedContinuation { continuation in
      queue.async {
        let sandbox = self.current.withLock { $0 }
        // What waits for the webhook is of no use to anybody; it is cleared by whoever listens next
        // if it cannot be now.
        if sandbox.isInPlace { try? sandbox.endListening() }
        continuation.resume()
      }
    }
  }

  /// Uses the sandbox without holding a thread of the server.
  ///
  /// - Throws: what `work` throws; `SandboxOpenError` where the file has gone and cannot be made or
  ///   opened again.
  func perform<Value: Sendable>(
    _ work: @escaping @Sendable (Sandbox) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async {
        continuation.resume(with: Result { try work(try self.sandbox()) })
      }
    }
  }

  /// The sandbox whose file stands at its place. After a reset that is a new one, whose events are
  /// all for the webhook.
  private func sandbox() throws -> Sandbox {
    let open = current.withLock { $0 }
    guard !open.isInPlace else { return open }
    let new = try Sandbox(open.configuration)
    if let webhook { try new.listen(url: webhook.url, secret: webhook.secret, after: 0) }
    current.withLock { $0 = new }
    return new
  }
}
