package import Basics
import Synchronization

/// A whole Stripe: request in, response out, kept in one SQLite file.
package final class Sandbox: Sendable {
  package struct Configuration: Sendable {
    /// The file; nil keeps everything in memory.
    package var path: String?
    /// The real time; the sandbox's own clock is this plus what it was advanced by.
    package var systemTime: @Sendable () -> Timestamp
    /// Makes the random part of ids and secrets: letters and digits of the length asked for.
    package var makeToken: @Sendable (Int) -> String

    package init(
      path: String?, systemTime: @escaping @Sendable () -> Timestamp = Timestamp.systemNow,
      makeToken: @escaping @Sendable (Int) -> String = Random.token(length:)
    ) {
      self.path = path
      self.systemTime = systemTime
      self.makeToken = makeToken
    }
  }

  package let configuration: Configuration
  let store: Store
  let registry: Registry
  let router: Router
  /// The idempotency keys of requests that are being carried out in this process.
  let keysInUse = Mutex<Set<String>>([])
  /// How far the clock was ahead when it was last read: for answers that do not open the store.
  let clockOffsetSeconds = Mutex<Int64>(0)
  /// Who is sent all events, beside the webhook endpoints.
  let listener = Mutex<Listener?>(nil)
  /// The file as it was opened; nil where all is in memory.
  private let file: StoreFile.Identity?

  /// Opens the file, or makes it. Throws `SandboxOpenError`, and then leaves the file untouched.
  package convenience init(_ configuration: Configuration) throws {
    try self.init(configuration, registry: Resources.registry)
  }

  /// The same, able to do something else than everything.
  init(_ configuration: Configuration, registry: Registry) throws {
    self.configuration = configuration
    self.registry = registry
    router = Router(registry.operations)
    store = try Store(path: configuration.path) { store, isNew in
      guard !isNew else {
        return try Settings.made(at: configuration.systemTime(), makeToken: configuration.makeToken)
          .write(to: store)
      }
      try store.refresh { registry.type($0) }
    }
    file = configuration.path.flatMap { StoreFile.identity($0) }
  }

  /// Whether the file still stands where it was opened. What is written to one that was removed, or
  /// replaced by another, is lost.
  package var isInPlace: Bool {
    configuration.path.flatMap { StoreFile.identity($0) } == file
  }

  /// Removes a sandbox's file and what SQLite put beside it. Only a sandbox's file is removed; that
  /// there is none is no error.
  package static func reset(path: String) throws { try StoreFile.remove(path) }

  /// The events after a sequence number, oldest first.
  package func events(after sequence: Int64, limit: Int) throws -> [SandboxEvent] {
    try store.read { try $0.events(after: sequence, limit: limit) }
  }

  /// How many events of each type there are after a sequence number, in the order of their first.
  package func eventCounts(after sequence: Int64) throws -> [(type: String, count: Int64)] {
    try store.read { try $0.eventCounts(after: sequence) }
  }

  /// The sandbox's own clock.
  package func now() throws -> Timestamp {
    configuration.systemTime() + (try settings().clockOffsetSeconds)
  }

  /// The account of this sandbox: `acct_…`.
  package func accountID() throws -> String { try settings().accountID }

  /// What signs webhooks for an endpoint that brings no secret of its own: `whsec_…`.
  package func webhookSecret() throws -> Secret { Secret(try settings().webhookSecret) }

  private func settings() throws -> Settings { try store.read { try Settings(readFrom: $0) } }
}
