import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct OverageAmountTests {
  @Test(
    arguments: [
      ("1", 250, 250), ("0.05", 10, 1), ("0.05", 9, 0), ("0.05", 29, 1), ("0.05", 30, 2),
      ("1.5", 1, 2), ("1.5", 3, 5), ("0.000000000001", 499_999_999_999, 0),
      ("0.000000000001", 500_000_000_000, 1), ("0", .max, 0), ("1", .max, .max), ("2", .max, nil),
      ("999999999999.999999999999", .max, nil),
    ] as [(String, Int64, Int64?)])
  func itIsExactAndRoundedHalfUp(_ unit: String, _ units: Int64, _ amount: Int64?) {
    #expect(UsagePrice.product(unit, units) == amount)
  }
}
