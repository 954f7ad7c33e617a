import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct SandboxAdvanceTests {
  @Test(arguments: [
    ("3d", TimeSpan(seconds: 259_200)), ("'1 month'", TimeSpan(months: 1)),
    ("1 month 3 days", TimeSpan(months: 1, seconds: 259_200)), ("1y", TimeSpan(months: 12)),
  ])
  func wordsBecomeALength(_ words: String, _ span: TimeSpan) throws {
    #expect(
      try Words.parsed("sandbox advance \(words)", as: SandboxAdvance.self).span == span)
  }

  @Test(arguments: ["soon", "0d", "5", "1 fortnight", "''"])
  func wordsThatAreWrong(_ words: String) {
    let shown = words == "''" ? "" : words
    #expect(
      Words.mistake("sandbox advance \(words)")
        == "DURATION must be a length of time (3d, 12h, \"1 month\"), not '\(shown)'; "
        + "see billing sandbox advance --help")
  }

  @Test func notFurtherThanTenYears() async throws {
    let shop = try await Shop(seeds: false)
    #expect(
      try await shop.failure("sandbox advance 1000y")
        == "2 usage: a clock goes forward by at most ten years; advance in steps")
  }

  @Test func timePassesAndSubscriptionsRenew() async throws {
    let shop = try await Shop()
    _ = try await shop.json("subscribe one@example.com team --create --payment-method pm_card_visa")
    let month = try await shop.json("sandbox advance '1 month 2h'")
    #expect(month[at: "counts", "invoice.paid"] == 1)
    let invoices = try await shop.json("invoice list one@example.com")
    #expect((invoices["data"]?.array ?? []).map { $0["status"] } == ["paid", "paid"])
    let still = try await shop.json("sandbox advance 1h")
    #expect(still["events"] == 0 && still["from"] != still["to"])
  }
}
