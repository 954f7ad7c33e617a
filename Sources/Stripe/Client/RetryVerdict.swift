/// Whether to try again, and after how long: a pure function of the attempt and its outcome.
///
/// The order is that of Stripe's Python library: what can never work, what brought no answer, the
/// word of the server (`Stripe-Should-Retry`), 409, 5xx; and 429, which the library leaves to its
/// caller. Every attempt of a write carries the same key, so none of them can do it twice.
enum RetryVerdict: Sendable, Hashable {
  case wait(forSeconds: Double, because: Reason)
  case stop(because: Reason)

  enum Reason: String, Sendable, Hashable {
    case success
    case neverWorks = "another attempt would end the same"
    case noAnswer = "no answer came"
    case serverSaysRetry = "the server asks to try again"
    case serverSaysStop = "the server asks not to try again"
    case conflict = "another request with this key is under way"
    case serverError = "the server failed"
    case rateLimited = "too many requests"
    case refused = "the answer is definite"
    case attemptsUsedUp = "all attempts are used up"
  }

  /// The longest that a `Retry-After` is obeyed, in seconds.
  static let longestRetryAfter: Double = 60
  static let shortestBackoff: Double = 0.5
  static let longestBackoff: Double = 5

  /// - Parameters:
  ///   - attempt: 1 for the first.
  ///   - jitter: between 0.5 and 1.
  init(after outcome: AttemptOutcome, attempt: Int, maxRetries: Int, jitter: Double) {
    let (mayRetry, reason) = Self.reason(outcome)
    guard mayRetry else {
      self = .stop(because: reason)
      return
    }
    guard attempt <= maxRetries else {
      self = .stop(because: .attemptsUsedUp)
      return
    }
    var seconds = Self.backoffSeconds(attempt: attempt, jitter: jitter)
    if case .answered(let answer) = outcome, let asked = answer.retryAfterSeconds {
      seconds = max(seconds, min(asked, Self.longestRetryAfter))
    }
    self = .wait(forSeconds: seconds, because: reason)
  }

  /// Doubles from half a second to five, times the jitter, never below half a second.
  static func backoffSeconds(attempt: Int, jitter: Double) -> Double {
    var seconds = shortestBackoff
    for _ in 1..<max(1, min(attempt, 10)) { seconds *= 2 }
    return max(min(seconds, longestBackoff) * jitter, shortestBackoff)
  }

  private static func reason(_ outcome: AttemptOutcome) -> (mayRetry: Bool, Reason) {
    switch outcome {
    case .success: return (false, .success)
    case .failed(let error):
      switch error.kind {
      case .badURL, .tls, .responseTooLarge, .canceled: return (false, .neverWorks)
      case .nameNotResolved, .refused, .timeout, .cut, .other: return (true, .noAnswer)
      }
    case .answered(let answer):
      if let shouldRetry = answer.shouldRetry {
        return shouldRetry ? (true, .serverSaysRetry) : (false, .serverSaysStop)
      }
      if outcome.isRateLimited { return (true, .rateLimited) }
      if answer.status == 409 { return (true, .conflict) }
      if answer.status >= 500 { return (true, .serverError) }
      return (false, .refused)
    }
  }
}
