extension StripeClient {
  package struct Configuration: Sendable {
    package var key: StripeKey?
    package var baseURL: String
    package var apiVersion: String
    /// For one attempt.
    package var timeoutSeconds: Double
    /// How many attempts may follow the first.
    package var maxRetries: Int
    /// Requests a second; nil for none.
    package var rateLimit: Double?
    package var userAgent: String
    /// Told about each attempt when it ended; nothing in it is secret.
    package var log: (@Sendable (RequestLog) -> Void)?
    /// Told what Stripe writes in `Stripe-Notice`, a word to developers.
    package var notice: (@Sendable (String) -> Void)?
    /// Waits for that many seconds, or throws where the task is canceled.
    package var sleep: @Sendable (Double) async throws -> Void
    /// Between 0.5 and 1: which part of a back-off is waited, so that clients do not march in step.
    package var jitter: @Sendable () -> Double
    /// Seconds of a clock that never goes back.
    package var now: @Sendable () -> Double

    package init(
      key: StripeKey? = nil, baseURL: String = "https://api.stripe.com",
      apiVersion: String = "2026-10-28.endive", timeoutSeconds: Double = 80, maxRetries: Int = 2,
      rateLimit: Double? = nil, userAgent: String = "billing/0.1",
      log: (@Sendable (RequestLog) -> Void)? = nil,
      notice: (@Sendable (String) -> Void)? = nil,
      sleep: @escaping @Sendable (Double) async throws -> Void = StripeClient.sleep,
      jitter: @escaping @Sendable () -> Double = { Double.random(in: 0.5...1) },
      now: @escaping @Sendable () -> Double = StripeClient.monotonicSeconds
    ) {
      self.key = key
      self.baseURL = baseURL
      self.apiVersion = apiVersion
      self.timeoutSeconds = timeoutSeconds
      self.maxRetries = maxRetries
      self.rateLimit = rateLimit
      self.userAgent = userAgent
      self.log = log
      self.notice = notice
      self.sleep = sleep
      self.jitter = jitter
      self.now = now
    }
  }

  @Sendable package static func sleep(seconds: Double) async throws {
    try await Task.sleep(for: .seconds(seconds))
  }

  @Sendable package static func monotonicSeconds() -> Double {
    let sinceStart = processStart.duration(to: ContinuousClock.now)
    return sinceStart / .seconds(1)
  }
}

private let processStart = ContinuousClock.now

/// What became of one attempt: what `--verbose` shows. The path has no parameters, and no secret
/// is among the rest.
package struct RequestLog: Sendable, Hashable {
  package let method: HTTPMethod
  package let path: String
  /// Nil where no answer came; then `failure` says why.
  package var status: Int?
  package var failure: TransportError.Kind?
  package var milliseconds: Int64 = 0
  package var requestID: String?
  /// 1 for the first attempt.
  package let attempt: Int

  package init(
    method: HTTPMethod, path: String, status: Int? = nil, failure: TransportError.Kind? = nil,
    milliseconds: Int64 = 0, requestID: String? = nil, attempt: Int
  ) {
    self.method = method
    self.path = path
    self.status = status
    self.failure = failure
    self.milliseconds = milliseconds
    self.requestID = requestID
    self.attempt = attempt
  }
}
