import Basics
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct RateWindowTests {
  private func window(_ counts: [Int64: Int64]) -> RateWindow {
    RateWindow(
      counts.map { RateWindow.Second(start: noon + $0.key, count: $0.value) }, at: noon)
  }

  @Test func aMinuteCounts() {
    #expect(window([:]).used == 0)
    #expect(window([0: 2, -59: 3]).used == 5)
    #expect(window([0: 2, -60: 3]).used == 2)
  }

  /// A clock that was set back: what was counted stands ahead for a while, and then no more.
  @Test func whatStandsAheadCountsForAMinute() {
    #expect(window([59: 4]).used == 4)
    #expect(window([60: 4]).used == 0)
  }

  @Test func theWaitIsAsLongAsItHasToBe() {
    #expect(window([:]).wait(under: 1) == 0)
    #expect(window([0: 1]).wait(under: 2) == 0)
    #expect(window([0: 1]).wait(under: 1) == 60)
    #expect(window([-59: 1, -10: 9]).wait(under: 10) == 1)
    #expect(window([-40: 5, -10: 5]).wait(under: 10) == 20)
    #expect(window([30: 5]).wait(under: 5) == 90)
  }

  /// The plan allows less than it did when the requests came.
  @Test func aLowerLimitWaitsForMore() {
    #expect(window([-40: 5, -30: 50, -10: 5]).wait(under: 10) == 30)
    #expect(window([-40: 5, -30: 50, -10: 5]).wait(under: 5) == 50)
  }

  @Test func whenAllOfItIsThereAgain() {
    #expect(window([:]).end == noon)
    #expect(window([-40: 5, -10: 5]).end == noon + 50)
  }
}
