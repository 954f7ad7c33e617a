import Basics
import Stripe

extension EventForwarding.Surroundings {
  /// Posts once, and tells how that went.
  ///
  /// - Parameter id: of what is sent.
  func post(
    _ request: HTTPRequest, of id: String, at time: Timestamp
  ) async throws -> (ForwardAttempt, ForwardVerdict.Outcome) {
    let start = uptimeMilliseconds()
    let outcome: ForwardVerdict.Outcome
    do throws(TransportError) {
      outcome = .init(try await transport.send(request))
    } catch {
      // Whoever stops the run does not count as a failure of the endpoint.
      if error.kind == .canceled { throw CancellationError() }
      outcome = .failed(error)
    }
    let isDelivered = ForwardVerdict.of(outcome, attempt: 1) == .delivered
    let attempt = ForwardAttempt(
      eventID: id, isDelivered: isDelivered, status: outcome.status,
      error: isDelivered ? nil : outcome.words,
      milliseconds: uptimeMilliseconds() - start, at: time)
    return (attempt, outcome)
  }
}
