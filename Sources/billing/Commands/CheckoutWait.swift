import Basics
import BillingCore
import Stripe

/// Waits until a customer is through with a checkout page.
struct CheckoutWait {
  let context: Context

  /// Stripe is asked ever more seldom; asking the sandbox beside us costs nothing.
  private var longestPauseMilliseconds: Int64 { context.settings.isSandbox ? 250 : 10_000 }
  private static let firstPauseMilliseconds: Int64 = 2000

  /// The session once it is complete or expired. Throws where the work is cancelled meanwhile; the
  /// page then stays open.
  func end(of session: CheckoutSession) async throws -> CheckoutSession {
    var session = session
    guard session.isOpen else { return try await takenIn(session) }
    if let url = session.url { context.note("waiting for the customer at \(url)") }
    let progress = context.progress("waiting for the customer, asked")
    defer { progress.finish() }
    var pause = min(Self.firstPauseMilliseconds, longestPauseMilliseconds)
    while session.isOpen {
      try await context.world.pause(pause)
      pause = min(pause * 3 / 2, longestPauseMilliseconds)
      session = try CheckoutSession(
        await context.gateway().read(Checkout.path(of: session.id)))
      progress.advance()
    }
    return try await takenIn(session)
  }

  /// What was bought enters the mirror now, without waiting for its events.
  private func takenIn(_ session: CheckoutSession) async throws -> CheckoutSession {
    if let id = session.subscriptionID {
      _ = try await context.gateway().readIfKnown(StripePath("subscriptions", id))
    }
    return session
  }
}
