import Basics
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct RetryPlanTests {
  private func words(_ outcome: DeliveryOutcome, _ attempt: Int) -> String {
    let verdict = RetryPlan.verdict(outcome, attempt: attempt, at: noon)
    return [
      verdict.status.rawValue, verdict.nextAttemptAt.map { "+\($0 - noon)" }, verdict.error,
    ].compactMap { $0 }.joined(separator: " ")
  }

  @Test(arguments: [
    (1, "failed +60 no"), (2, "failed +300 no"), (3, "failed +900 no"), (4, "failed +3600 no"),
    (5, "failed +14400 no"), (6, "failed +43200 no"), (7, "failed +86400 no"), (8, "dead no"),
    (9, "dead no"),
  ])
  func refusals(_ attempt: Int, _ expected: String) {
    #expect(words(.refused("no", isFinal: false), attempt) == expected)
  }

  @Test(
    arguments: [
      (1, nil, "failed +60 away"), (4, nil, "failed +3600 away"), (7, nil, "failed +3600 away"),
      (100, nil, "failed +3600 away"), (1, 7_200, "failed +7200 away"),
      (1, 10, "failed +60 away"), (1, Int64.max, "failed +86400 away"), (1, -5, "failed +60 away"),
    ] as [(Int, Int64?, String)])
  func outages(_ attempt: Int, _ asked: Int64?, _ expected: String) {
    #expect(words(.unavailable("away", retryAfterSeconds: asked), attempt) == expected)
  }

  @Test func theEnds() {
    #expect(words(.sent, 1) == "sent")
    #expect(words(.refused("never", isFinal: true), 1) == "dead never")
  }
}
