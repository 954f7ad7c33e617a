import Testing

/// What goes wrong with one request, and whether it was executed by then.
enum Fault: Sendable, Hashable, CaseIterable, CustomTestStringConvertible {
  /// Executed; the connection is cut before a byte of the answer.
  case answerLost
  /// Read whole and never executed; the connection is cut.
  case cutBeforeExecution
  case tooManyRequests
  /// 429 with `Retry-After` and `Stripe-Should-Retry: false`.
  case tooManyRequestsDoNotRetry
  case serverError
  case serverErrorAfterExecution
  case unavailable
  /// A 500 that the server saves under the key: each later request with it is answered the same.
  case savedServerError
  case savedServerErrorAfterExecution
  /// Executed, and a proxy answers 200 with a page.
  case page
  /// Executed; the length is right, the JSON is half.
  case truncatedJSON
  /// Executed; the head and half of the body come, then nothing more.
  case stalledBody
  /// Read and never answered.
  case silence

  var isExecuted: Bool {
    switch self {
    case .answerLost, .serverErrorAfterExecution, .savedServerErrorAfterExecution, .page,
      .truncatedJSON, .stalledBody:
      true
    case .cutBeforeExecution, .tooManyRequests, .tooManyRequestsDoNotRetry, .serverError,
      .unavailable, .savedServerError, .silence:
      false
    }
  }

  /// Whether the server itself says that it did nothing.
  var isRefusal: Bool { self == .tooManyRequests || self == .tooManyRequestsDoNotRetry }

  /// Whether only `--timeout` ends the wait.
  var needsTimeout: Bool { self == .silence || self == .stalledBody }

  var testDescription: String { "\(self)" }
}
