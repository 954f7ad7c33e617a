package import Basics

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

  /// Opens the file, or makes it.
  package init(_ configuration: Configuration) throws {
    self.configuration = configuration
  }

  /// Answers one request, in one transaction. Never throws: a fault of ours is a 500 with Stripe's
  /// error body.
  package func respond(to request: SandboxRequest) -> SandboxResponse {
    SandboxResponse(status: 500)
  }

  /// The events after a sequence number, oldest first.
  package func events(after sequence: Int64, limit: Int) throws -> [SandboxEvent] { [] }

  /// The sandbox's own clock.
  package func now() throws -> Timestamp { configuration.systemTime() }
}
