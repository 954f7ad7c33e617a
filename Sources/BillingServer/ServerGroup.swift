import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// The parts of a server that are begun and stopped together.
struct ServerGroup {
  let host: String
  let port: Int
  /// For what is under way when the server is told to stop.
  let drainMilliseconds: Int64
  let logger: Logger

  /// Runs the parts until the task is cancelled or the process gets SIGTERM or SIGINT. What stands
  /// last is stopped first, and has come to its end before the one before it is told to stop.
  ///
  /// - Throws: `CannotListen`, and what a part throws.
  func run(_ services: [any Service]) async throws {
    guard (0...65_535).contains(port) else {
      throw CannotListen(host: host, port: port, cause: .other("there is no such port"))
    }
    var configuration = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = .milliseconds(drainMilliseconds)
    let group = ServiceGroup(configuration: configuration)
    // In a task of its own, since cancelling the group's task would cut what is under way.
    let running = Task { try await group.run() }
    do {
      try await withTaskCancellationHandler {
        try await running.value
      } onCancel: {
        Task { await group.triggerGracefulShutdown() }
      }
    } catch let error as IOError {
      throw CannotListen(
        host: host, port: port,
        cause: CannotListen.Cause(
          errno: error.errnoCode, String(cString: strerror(error.errnoCode))))
    } catch is SocketAddressError.UnknownHost {
      throw CannotListen(host: host, port: port, cause: .notHere("there is no such host"))
    }
  }
}
