import Basics
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct LocalWordsTests {
  @Test(
    arguments: [
      ("en", 1900, "usd", "$19.00"), ("en", -190_000, "usd", "-$1,900.00"),
      ("en", 1900, "jpy", "¥1,900"), ("en", 19_000, "eur", "€190.00"),
      ("de", 190_000, "eur", "1.900,00 €"), ("fr", 1900, "eur", "19,00 €"),
      ("en", 9_007_199_254_740_993, "usd", "$90,071,992,547,409.93"),
    ] as [(String, Int64, String, String)])
  func money(_ language: String, _ minor: Int64, _ currency: String, _ expected: String) {
    // Unicode has more than one blank that does not break.
    let words = LocalWords(language: language).money(minor, currency)
      .replacing("\u{A0}", with: " ").replacing("\u{202F}", with: " ")
    #expect(words == expected)
  }

  @Test func daysAndNumbers() {
    #expect(LocalWords(language: "en").day(noon) == "November 20, 2026")
    #expect(LocalWords(language: "de").day(noon) == "20. November 2026")
    #expect(LocalWords(language: "en").number(1_234_567) == "1,234,567")
    #expect(LocalWords(language: "de").number(1_234_567) == "1.234.567")
    // The last second of a day is of that day, wherever the machine stands.
    #expect(LocalWords(language: "en").day(Timestamp(1_795_219_199)) == "November 20, 2026")
    #expect(LocalWords(language: "en").day(Timestamp(1_795_219_200)) == "November 21, 2026")
  }
}
