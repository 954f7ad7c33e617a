/// The attempts of one request, and what they amount to: a pure function of their outcomes.
struct AttemptHistory: Sendable {
  private let method: HTTPMethod
  private var last: AttemptOutcome?
  /// Whether any attempt of a write may have been executed.
  private var mayHaveBeenExecuted = false
  /// Whether an attempt before the last may have been.
  private var wasUncertainBefore = false
  /// The last failure of an attempt that may have been executed.
  private var uncertainFailure: StripeError.Failure?

  init(method: HTTPMethod) { self.method = method }

  private var isWrite: Bool { method != .get }

  mutating func add(_ outcome: AttemptOutcome) {
    wasUncertainBefore = mayHaveBeenExecuted
    last = outcome
    if isWrite, outcome.mayHaveBeenExecuted {
      mayHaveBeenExecuted = true
      uncertainFailure = StripeError.Failure(outcome)
    }
  }

  /// What the caller is told when the last attempt brought no success.
  func error() -> StripeError {
    switch last {
    case nil, .success: return errorWhenCanceled()
    case .failed(let error):
      if let uncertainFailure { return .outcomeUnknown(uncertainFailure) }
      if !error.mayHaveReachedServer { return .notReached(error) }
      return .noAnswer(StripeError.Failure(.failed(error)))
    case .answered(let answer): return error(of: answer)
    }
  }

  private func error(of answer: AttemptOutcome.Answer) -> StripeError {
    let outcome = AttemptOutcome.answered(answer)
    if isWrite, outcome.mayHaveBeenExecuted || leavesOpen(answer) {
      return .outcomeUnknown(uncertainFailure ?? StripeError.Failure(outcome))
    }
    if outcome.isRateLimited { return .rateLimited(answer.refusal) }
    if outcome.mayHaveBeenExecuted { return .noAnswer(StripeError.Failure(outcome)) }
    return .refused(answer.refusal)
  }

  /// Whether a refusal tells nothing about earlier attempts that may have been executed.
  ///
  /// Stripe answers a known key with what it saved, so a refusal of a POST is the outcome of its
  /// key; but limits, keys and permissions are looked at before that. A DELETE has no key: what
  /// the first attempt deleted, the second does not find.
  private func leavesOpen(_ answer: AttemptOutcome.Answer) -> Bool {
    guard wasUncertainBefore else { return false }
    if method == .delete || AttemptOutcome.answered(answer).isRateLimited { return true }
    return answer.status == 401 || answer.status == 403 || answer.status == 409
      || answer.status < 400
  }

  /// What the caller is told when the task was canceled between attempts.
  func errorWhenCanceled() -> StripeError {
    if let uncertainFailure { return .outcomeUnknown(uncertainFailure) }
    return .notReached(
      TransportError(
        kind: .canceled, mayHaveReachedServer: false,
        detail: "the request was canceled before it was sent"))
  }
}

extension StripeError.Failure {
  /// What was seen of an attempt that brought no success.
  init(_ outcome: AttemptOutcome) {
    switch outcome {
    case .success: self.init(detail: "")
    case .failed(let error): self.init(detail: error.detail, isTimeout: error.kind == .timeout)
    case .answered(let answer):
      self.init(
        status: answer.status, detail: answer.refusal.message, isReplay: answer.isReplay,
        requestID: answer.refusal.requestID)
    }
  }
}
