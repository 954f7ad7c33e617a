import Basics
import Foundation

/// The least that a card is charged at once, by currency.
///
/// Stripe's table: docs.stripe.com/currencies#minimum-and-maximum-charge-amounts. For a currency
/// that is not in it Stripe goes by the day's exchange rate; the sandbox has none, so that there
/// anything above nothing is enough.
enum ChargeLimits {
  private static let least: [String: Int64] = [
    "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250,
    "eur": 50, "gbp": 30, "hkd": 400, "huf": 17_500, "inr": 50, "jpy": 50, "mxn": 1000,
    "myr": 200, "nok": 300, "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50,
    "thb": 1000, "usd": 50,
  ]

  static func minimum(_ currency: String) -> Int64 { least[currency] ?? 1 }

  /// Refuses an amount that is too small for a charge.
  static func checkMinimum(
    _ amount: Int64, currency: String, parameter: String = "amount"
  ) throws(SandboxError) {
    let minimum = minimum(currency)
    guard amount < minimum else { return }
    let text = PriceText.amount(Decimal(minimum), currency: currency)
    throw .invalid(
      "Amount must be at least \(text) \(currency)", code: "amount_too_small",
      parameter: parameter)
  }
}
