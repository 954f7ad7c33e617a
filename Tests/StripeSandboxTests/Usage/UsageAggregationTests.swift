import Basics
import Foundation
import Testing

@testable import StripeSandbox

@Suite struct UsageAggregationTests {
  private func result(
    _ formula: UsageAggregation.Formula, window: Int64? = nil, _ uses: [(Int64, Decimal)]
  ) -> Decimal {
    var total = UsageAggregation(formula, windowSeconds: window)
    for (moment, value) in uses { total.add(value, at: Timestamp(moment)) }
    return total.result
  }

  @Test(.tags(.unit)) func formulas() {
    let uses: [(Int64, Decimal)] = [(1, 2), (2, 5), (3, -1)]
    #expect(result(.sum, uses) == 6)
    #expect(result(.count, uses) == 3)
    #expect(result(.last, uses) == -1)
    #expect(result(.max, uses) == 5)
    for formula in [UsageAggregation.Formula.sum, .count, .last, .max] {
      #expect(result(formula, []) == 0)
    }
  }

  @Test(.tags(.unit)) func windows() {
    let uses: [(Int64, Decimal)] = [(0, 1), (3599, 2), (3600, 4), (9000, 8)]
    #expect(result(.sum, window: 3600, uses) == 14)
    #expect(result(.count, window: 3600, uses) == 3)
    #expect(result(.last, window: 3600, uses) == 8)
    #expect(result(.sum, window: 86_400, uses) == 8)
  }

  @Test(.tags(.unit)) func fractionsAreExact() throws {
    let tenth = try #require(Decimal(string: "0.1"))
    let uses = (0..<1000).map { (Int64($0), tenth) }
    #expect(result(.sum, uses) == 100)
  }
}
