import Basics
import BillingCore
import Stripe

extension Context {
  /// The time by which Stripe bills a subscription: of its test clock where it has one.
  func now(of subscription: Subscription) async throws -> Timestamp {
    guard let clockID = subscription.testClockID else { return try now() }
    let clock = try await gateway().read(StripePath("test_helpers", "test_clocks", clockID))
    guard let time = clock["frozen_time"]?.integer else {
      throw MalformedObject(
        kind: "test_clock", id: clockID, path: "frozen_time", expected: "a time")
    }
    return Timestamp(time)
  }
}
