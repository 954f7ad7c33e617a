private import Basics

/// Stripe's REST API over a transport: versioned, keyed, retried, within the rate limit.
package struct StripeClient: Sendable {
  package let configuration: Configuration
  private let transport: any Transport
  private let limiter: RateLimiter?

  package init(transport: any Transport, configuration: Configuration) {
    self.transport = transport
    self.configuration = configuration
    limiter = configuration.rateLimit.map { RateLimiter(requestsPerSecond: $0) }
  }

  /// Sends a request and reads the answer; retries what is safe to retry.
  ///
  /// A POST without an idempotency key is given one, the same for all its attempts. What became
  /// of a request without success, over all attempts, is what the error says.
  package func send(_ request: StripeRequest) async throws(StripeError) -> StripeResponse {
    let wire = try HTTPRequest(request, configuration)
    var history = AttemptHistory(method: request.method)
    for attempt in 1... {
      guard await pause(limiter?.secondsToWait(now: configuration.now()) ?? 0) else {
        throw redacted(history.errorWhenCanceled())
      }
      let outcome = await perform(wire, of: request, attempt: attempt)
      if case .success(let response) = outcome { return response }
      history.add(outcome)
      if outcome.isRateLimited { limiter?.slowDown(now: configuration.now()) }

      let verdict = RetryVerdict(
        after: outcome, attempt: attempt, maxRetries: configuration.maxRetries,
        jitter: configuration.jitter())
      guard case .wait(let seconds, _) = verdict else { break }
      guard await pause(seconds) else { throw redacted(history.errorWhenCanceled()) }
    }
    throw redacted(history.error())
  }

  /// One attempt: out, in, and a line for the log.
  private func perform(
    _ wire: HTTPRequest, of request: StripeRequest, attempt: Int
  ) async -> AttemptOutcome {
    let start = configuration.now()
    var entry = RequestLog(
      method: request.method, path: request.path.description, attempt: attempt)
    let outcome: AttemptOutcome
    do throws(TransportError) {
      let response = try await transport.send(wire)
      entry.status = response.status
      entry.requestID = response.headers["Request-Id"]
      if let notice = response.headers["Stripe-Notice"] { configuration.notice?(redacted(notice)) }
      outcome = AttemptOutcome(response)
    } catch {
      entry.failure = error.kind
      outcome = .failed(error)
    }
    entry.milliseconds = Int64(min(max((configuration.now() - start) * 1000, 0), 1e12))
    configuration.log?(entry)
    return outcome
  }

  /// False where the task was canceled, before or meanwhile.
  private func pause(_ seconds: Double) async -> Bool {
    guard !Task.isCancelled else { return false }
    guard seconds > 0 else { return true }
    do { try await configuration.sleep(seconds) } catch { return false }
    return !Task.isCancelled
  }

  // MARK: The key never leaves

  /// The text without the key, should a server have echoed it.
  private func redacted(_ text: String) -> String {
    guard let secret = configuration.key?.secret else { return text }
    return text.replacing(secret.reveal(), with: secret.redacted)
  }

  private func redacted(_ error: StripeError) -> StripeError {
    switch error {
    case .refused(var refusal):
      refusal.message = redacted(refusal.message)
      return .refused(refusal)
    case .rateLimited(var refusal):
      refusal.message = redacted(refusal.message)
      return .rateLimited(refusal)
    case .noAnswer(var failure):
      failure.detail = redacted(failure.detail)
      return .noAnswer(failure)
    case .outcomeUnknown(var failure):
      failure.detail = redacted(failure.detail)
      return .outcomeUnknown(failure)
    case .notReached, .invalidRequest: return error
    }
  }
}
