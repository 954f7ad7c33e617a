import Testing

@testable import Stripe

@Suite(.tags(.unit)) struct RetryVerdictTests {
  private static func answered(
    _ status: Int, code: String? = nil, shouldRetry: Bool? = nil, retryAfter: Double? = nil
  ) -> AttemptOutcome {
    .answered(
      AttemptOutcome.Answer(
        status: status,
        refusal: StripeError.Refusal(
          status: status, type: "api_error", code: code, message: ""),
        shouldRetry: shouldRetry, retryAfterSeconds: retryAfter))
  }

  private static func failed(_ kind: TransportError.Kind, sent: Bool = true) -> AttemptOutcome {
    .failed(TransportError(kind: kind, mayHaveReachedServer: sent, detail: ""))
  }

  @Test(
    arguments: [
      (failed(.badURL), .stop(because: .neverWorks)),
      (failed(.tls), .stop(because: .neverWorks)),
      (failed(.responseTooLarge), .stop(because: .neverWorks)),
      (failed(.canceled), .stop(because: .neverWorks)),
      (failed(.nameNotResolved, sent: false), .wait(forSeconds: 0.5, because: .noAnswer)),
      (failed(.refused, sent: false), .wait(forSeconds: 0.5, because: .noAnswer)),
      (failed(.timeout), .wait(forSeconds: 0.5, because: .noAnswer)),
      (failed(.cut), .wait(forSeconds: 0.5, because: .noAnswer)),
      (failed(.other), .wait(forSeconds: 0.5, because: .noAnswer)),
      (answered(200), .stop(because: .refused)),
      (answered(302), .stop(because: .refused)),
      (answered(400), .stop(because: .refused)),
      (answered(400, code: "rate_limit"), .wait(forSeconds: 0.5, because: .rateLimited)),
      (answered(400, shouldRetry: true), .wait(forSeconds: 0.5, because: .serverSaysRetry)),
      (answered(401), .stop(because: .refused)),
      (answered(402), .stop(because: .refused)),
      (answered(404), .stop(because: .refused)),
      (answered(409), .wait(forSeconds: 0.5, because: .conflict)),
      (answered(409, shouldRetry: false), .stop(because: .serverSaysStop)),
      (answered(429), .wait(forSeconds: 0.5, because: .rateLimited)),
      (answered(429, shouldRetry: false), .stop(because: .serverSaysStop)),
      (answered(500), .wait(forSeconds: 0.5, because: .serverError)),
      (answered(503), .wait(forSeconds: 0.5, because: .serverError)),
      (answered(500, shouldRetry: false), .stop(because: .serverSaysStop)),
      (answered(503, retryAfter: 7), .wait(forSeconds: 7, because: .serverError)),
      (answered(503, retryAfter: 0), .wait(forSeconds: 0.5, because: .serverError)),
      (answered(429, retryAfter: 3600), .wait(forSeconds: 60, because: .rateLimited)),
    ] as [(AttemptOutcome, RetryVerdict)])
  func firstAttempt(_ outcome: AttemptOutcome, _ verdict: RetryVerdict) {
    #expect(RetryVerdict(after: outcome, attempt: 1, maxRetries: 2, jitter: 1) == verdict)
  }

  @Test func stopsWhenTheAttemptsAreUsedUp() {
    let verdict = { RetryVerdict(after: Self.answered(500), attempt: $0, maxRetries: 2, jitter: 1) }
    #expect(verdict(2) == .wait(forSeconds: 1, because: .serverError))
    #expect(verdict(3) == .stop(because: .attemptsUsedUp))
    #expect(
      RetryVerdict(after: Self.answered(500), attempt: 1, maxRetries: 0, jitter: 1)
        == .stop(because: .attemptsUsedUp))
  }

  @Test(
    arguments: [
      (1, 1, 0.5), (2, 1, 1), (3, 1, 2), (4, 1, 4), (5, 1, 5), (6, 1, 5), (1000, 1, 5),
      (1, 0.5, 0.5), (2, 0.5, 0.5), (3, 0.5, 1), (5, 0.75, 3.75), (0, 1, 0.5),
    ] as [(Int, Double, Double)])
  func backsOff(_ attempt: Int, _ jitter: Double, _ seconds: Double) {
    #expect(RetryVerdict.backoffSeconds(attempt: attempt, jitter: jitter) == seconds)
  }
}
