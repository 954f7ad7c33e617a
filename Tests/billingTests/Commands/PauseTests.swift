import Basics
import BillingCore
import Testing

@testable import billing

@Suite(.tags(.unit)) struct PauseTests {
  @Test func wordsBecomeOptions() throws {
    let pause = try Words.parsed("pause a@b.c", as: Pause.self)
    #expect(pause.reference == .email("a@b.c") && pause.behavior == .void && pause.until == nil)
    let kept = try Words.parsed(
      "pause a@b.c --until 3d --behavior keep_as_draft", as: Pause.self)
    #expect(kept.behavior == .keepAsDraft && kept.until == TimeArgument(parsing: "3d"))
    #expect(try Words.parsed("unpause a@b.c", as: Unpause.self).reference == .email("a@b.c"))
  }

  @Test(arguments: [
    ("pause", "CUSTOMER is missing; see billing pause --help"),
    (
      "pause a@b.c --behavior keep",
      """
      --behavior must be void, keep_as_draft or mark_uncollectible, not 'keep'; \
      did you mean keep_as_draft? see billing pause --help
      """
    ),
    (
      "pause a@b.c --until soon",
      """
      --until must be a time (2026-11-20T10:00:00Z, 2026-11-20, unix seconds, 3d, 12h), not 'soon'; \
      see billing pause --help
      """
    ),
    ("unpause", "CUSTOMER is missing; see billing unpause --help"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake(words) == message)
  }

  private func shop() async throws -> (Shop, id: String) {
    let shop = try await Shop()
    let made = try await shop.json(
      "subscribe ada@example.com team --create --payment-method pm_card_visa")
    return (shop, made["id"]?.string ?? "-")
  }

  @Test func theRequestsOfADryRun() async throws {
    let (shop, id) = try await shop()
    #expect(
      try await shop.dryRun("pause ada@example.com --until 2027-01-10 --behavior keep_as_draft")
        == [
          """
          POST /v1/subscriptions/\(id) {"pause_collection":{"behavior":"keep_as_draft",\
          "resumes_at":1799539200}}
          """
        ])
    _ = try await shop.json("pause ada@example.com")
    #expect(
      try await shop.dryRun("unpause ada@example.com")
        == [#"POST /v1/subscriptions/\#(id) {"pause_collection":""}"#])
  }

  @Test func nothingIsCollectedAndAccessStays() async throws {
    let (shop, _) = try await shop()
    let paused = try await shop.json("pause ada@example.com")
    #expect(paused["status"] == "active")
    #expect(paused["pause"] == ["behavior": "void", "resumes_at": .null])
    _ = try await shop.json("sandbox advance '1 month 2 hours'")
    let invoice = try await shop.json("invoice list ada@example.com")["data"]?.array?.first
    #expect(invoice?["status"] == "void" && invoice?["amount_paid"] == 0)
    #expect(try await shop.json("customer show ada@example.com")["plan"] == "team")
    #expect(try await shop.json("unpause ada@example.com")["pause"] == .null)
    _ = try await shop.json("sandbox advance '1 month'")
    let next = try await shop.json("invoice list ada@example.com")["data"]?.array?.first
    #expect(next?["status"] == "paid" && next?["amount_paid"] == 9900)
  }

  @Test func itBeginsAgainByItself() async throws {
    let (shop, _) = try await shop()
    let paused = try await shop.json("pause ada@example.com --until 12d")
    #expect(paused["pause"]?["resumes_at"]?.string?.hasPrefix("2026-12-02T10:00") == true)
    _ = try await shop.json("sandbox advance 13d")
    #expect(try await shop.json("subscription show ada@example.com")["pause"] == .null)
  }

  @Test func otherWordsReplaceThePause() async throws {
    let (shop, id) = try await shop()
    _ = try await shop.json("pause ada@example.com --until 2027-01-10")
    #expect(
      try await shop.failure("pause ada@example.com --until 2027-01-10") == """
        5 invalid_state: collection of \(id) is paused in this way already, until \
        2027-01-10 00:00; billing unpause ends that
        """)
    let longer = try await shop.json("pause ada@example.com --behavior mark_uncollectible")
    #expect(longer["pause"] == ["behavior": "mark_uncollectible", "resumes_at": .null])
    #expect(
      try await shop.failure("pause ada@example.com --until 2026-01-10")
        == "2 usage: --until must lie ahead, and 2026-01-10 00:00 does not")
  }
}
