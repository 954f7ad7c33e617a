import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct AmountTextTests {
  @Test(arguments: [
    ("1900", "usd", "19.00 usd"), ("5", "eur", "0.05 eur"), ("0", "usd", "0.00 usd"),
    ("0.5", "usd", "0.005 usd"), ("123.25", "usd", "1.2325 usd"), ("1900", "jpy", "1900 jpy"),
    ("0.5", "jpy", "0.5 jpy"), ("19000", "kwd", "19.000 kwd"), ("1", "kwd", "0.001 kwd"),
    ("999999999999", "usd", "9999999999.99 usd"), ("-5", "usd", "-5 usd"),
  ]) func amounts(_ minorUnits: String, _ currency: String, _ text: String) {
    #expect(AmountText.of(minorUnits, currency) == text)
  }
}
