import Basics
import Foundation

/// Arithmetic with amounts in minor units, which refuses instead of overflowing.
enum Money {
  /// The most that Stripe charges at once: eight digits.
  static let maximumCharge: Int64 = 99_999_999

  static func sum(_ amounts: some Sequence<Int64>) throws(SandboxError) -> Int64 {
    var total: Int64 = 0
    for amount in amounts {
      let (sum, overflow) = total.addingReportingOverflow(amount)
      guard !overflow else { throw tooLarge() }
      total = sum
    }
    return total
  }

  /// The rounding rule of the sandbox, for prorations, percentages and fractions of cents alike:
  /// every line by itself, to whole minor units, halves away from zero.
  ///
  /// Stripe does not publish its rule; the prorations recorded from it agree with this one.
  static func rounded(_ amount: Decimal) throws(SandboxError) -> Int64 {
    var (exact, rounded) = (amount, Decimal())
    NSDecimalRound(&rounded, &exact, 0, .plain)
    guard !rounded.isNaN, let whole = Int64(NSDecimalNumber(decimal: rounded).stringValue) else {
      throw tooLarge()
    }
    return whole
  }

  /// What remains of an amount when `remaining` of `total` seconds remain, by the same rule.
  static func prorated(
    _ amount: Int64, remaining: Int64, total: Int64
  ) throws(SandboxError) -> Int64 {
    guard total > 0, remaining > 0 else { return 0 }
    guard remaining < total else { return amount }
    let doubled = 2 * Int128(amount.magnitude) * Int128(remaining)
    let magnitude = (doubled + Int128(total)) / (2 * Int128(total))
    guard let whole = Int64(exactly: magnitude) else { throw tooLarge() }
    return amount < 0 ? -whole : whole
  }

  /// A part of an amount in percent, by the same rule.
  static func percentage(_ percent: Decimal, of amount: Int64) throws(SandboxError) -> Int64 {
    try rounded(Decimal(amount) * percent / 100)
  }

  /// Refuses an amount that no card may be charged.
  static func checkCharge(
    _ amount: Int64, currency: String, parameter: String = "amount"
  ) throws(SandboxError) {
    guard amount <= maximumCharge else { throw tooLarge(currency: currency, parameter: parameter) }
  }

  private static func tooLarge(
    currency: String = "usd", parameter: String = "amount"
  ) -> SandboxError {
    .invalid(
      "Amount must be no more than \(PriceText.amount(Decimal(maximumCharge), currency: currency))",
      code: "amount_too_large", parameter: parameter)
  }
}
