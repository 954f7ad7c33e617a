import BillingCore
import Stripe

/// Telling the company's own services what happens.
extension Context {
  /// Between two looks whether another process is through.
  private static let pauseMilliseconds: Int64 = 250

  /// Sends what is to be delivered; nobody waits longer than 30 s for one that does not answer.
  func outgoingSending() throws -> OutgoingSending {
    OutgoingSending(
      store: try store(), timeoutSeconds: min(settings.timeoutSeconds, 30),
      surroundings: try forwardSurroundings())
  }

  /// Sends one delivery alone, and tells what became of it.
  func send(_ id: String) async throws -> OutgoingDelivery {
    let sending = try outgoingSending()
    while try await sending.send(id) == nil { try await world.pause(Self.pauseMilliseconds) }
    return try store().read { try $0.requireDelivery(id) }
  }

  /// What another process is sending goes first.
  func inTurn(_ send: () async throws -> ForwardSummary) async throws {
    while try await send().isElsewhere { try await world.pause(Self.pauseMilliseconds) }
  }
}
