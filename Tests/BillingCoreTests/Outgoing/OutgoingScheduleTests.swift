import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct OutgoingScheduleTests {
  private func pause(
    _ attempts: Int, _ status: Int = 500, retryAfter: String? = nil
  ) -> Int64? {
    OutgoingSchedule.next(
      after: attempts, .answered(status: status, retryAfter: retryAfter), at: noon
    ).map { $0 - noon }
  }

  @Test func thePausesGrow() {
    #expect(
      (1...10).map { pause($0) }
        == [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, nil])
    #expect(OutgoingSchedule.mostAttempts == 10)
  }

  @Test(arguments: [301, 400, 401, 404, 429, 503]) func whateverMayPassIsTriedAgain(_ status: Int) {
    #expect(pause(1, status) == 5)
  }

  @Test func whoeverIsGoneForGoodIsAskedNoMore() { #expect(pause(1, 410) == nil) }

  @Test func noAnswerIsTriedAgain() {
    let error = TransportError(kind: .refused, mayHaveReachedServer: false, detail: "refused")
    #expect(OutgoingSchedule.next(after: 2, .failed(error), at: noon) == noon + 300)
  }

  @Test(arguments: [("60", 60), ("3", 5), ("-9", 5), ("soon", 5), ("999999999999", 86_400)])
  func whoAsksForTimeIsGivenSome(_ header: String, _ seconds: Int64) {
    #expect(pause(1, 429, retryAfter: header) == seconds)
  }
}
