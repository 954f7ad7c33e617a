import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct FreezeTests {
  @Test func wordsBecomeOptions() throws {
    let freeze = try Words.parsed("freeze all --reason why", as: FreezeCommand.self)
    #expect(freeze.scopes == [.subscriptions, .tokens] && freeze.reason == "why")
    let lifted = try Words.parsed("unfreeze tokens", as: Unfreeze.self)
    #expect(lifted.scopes == [.tokens] && lifted.reason == nil)
  }

  @Test(arguments: [
    ("freeze", "SCOPE is missing; see billing freeze --help"),
    (
      "freeze subscription --reason x",
      """
      SCOPE must be subscriptions, tokens or all, not 'subscription'; did you mean subscriptions? \
      see billing freeze --help
      """
    ),
    ("freeze all", "--reason is missing; see billing freeze --help"),
    ("freeze all --reason=", "--reason is empty; see billing freeze --help"),
    ("unfreeze", "SCOPE is missing; see billing unfreeze --help"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake(words) == message)
  }

  @Test func nothingIsSoldAndAllElseGoesOn() async throws {
    let shop = try await Shop()
    let card = "--create --payment-method pm_card_visa"
    _ = try await shop.json("subscribe ada@example.com team \(card)")
    let frozen = try await shop.json("freeze subscriptions --reason 'Wrong prices'")
    let entry = frozen["data"]?.array?.first
    #expect(
      entry?.object?.keys == [
        "scope", "frozen", "at", "actor", "reason", "lifted_at", "lifted_by", "lifted_because",
      ])
    let at = Cell(time: entry?["at"]).text
    let refusal = """
      5 frozen: subscriptions are not sold since \(at), by ada@laptop: Wrong prices; \
      billing unfreeze subscriptions sells them again
      """
    for option in ["", " --dry-run"] {
      #expect(
        try await shop.failure("subscribe bob@example.com team \(card)\(option)") == refusal)
    }
    #expect(try await shop.json("customer list")["data"]?.array?.count == 1)
    #expect(try await shop.json("cancel ada@example.com")["cancel_at_period_end"] == true)
    #expect(try await shop.json("resume ada@example.com")["cancel_at_period_end"] == false)
    let finding = try await shop.json("doctor")["data"]?.array?.last
    #expect(finding?["check"] == "selling" && finding?["status"] == "warning")
    // The first order stands; a second one finds it done.
    let again = try await shop.json("freeze all --reason 'Another'")
    #expect(again["data"]?.array?.map { $0["reason"]?.string } == ["Wrong prices", "Another"])
    _ = try await shop.json("unfreeze all")
    #expect(
      try await shop.failure("unfreeze all") == """
        5 invalid_state: nothing of subscriptions or tokens is frozen; \
        billing doctor tells what is
        """)
    _ = try await shop.json("subscribe bob@example.com team \(card)")
  }

  @Test func aFreezeStopsUpgradesAndPages() async throws {
    let shop = try await Shop()
    let card = "--create --payment-method pm_card_visa"
    _ = try await shop.json("subscribe ada@example.com team \(card)")
    _ = try await shop.json("customer create --email bob@example.com")
    _ = try await shop.json("freeze subscriptions --reason Stop")
    let sales = [
      "upgrade ada@example.com enterprise",
      "checkout bob@example.com team --success-url https://example.com",
    ]
    for line in sales + sales.map({ $0 + " --dry-run" }) {
      #expect(try await shop.failure(line).hasPrefix("5 frozen: subscriptions are not sold since "))
    }
    #expect(try await shop.json("subscription show ada@example.com")["plan"] == "team")
    let pages = try await shop.call(.get, "checkout", "sessions")
    #expect(pages["data"] == [])
  }

  /// Who changes plans in the portal buys one; the way out stays open.
  @Test func noPlanIsSoldInThePortal() async throws {
    let shop = try await Shop()
    _ = try await shop.json("subscribe ada@example.com team --create --payment-method pm_card_visa")
    _ = try await shop.json("portal configure")
    _ = try await shop.json("freeze subscriptions --reason Stop")
    #expect(
      try await shop.failure("portal ada@example.com --flow update")
        .hasPrefix("5 frozen: subscriptions are not sold since "))
    #expect(
      try await shop.json("portal ada@example.com --flow cancel")["id"]?.string?
        .hasPrefix("bps_") == true)
  }

  @Test func aFreezeHindersNobodyFromPayingLess() async throws {
    let shop = try await Shop()
    _ = try await shop.json(
      "subscribe ada@example.com enterprise --create --payment-method pm_card_visa")
    _ = try await shop.json("freeze subscriptions --reason Stop")
    let preview = try await shop.json("upgrade ada@example.com enterprise --quantity 2 --preview")
    #expect(preview["plan"] == "enterprise")
    let down = try await shop.json("downgrade ada@example.com team")
    #expect(down["pending_change"]?["plan"] == "team")
    #expect(try await shop.json("resume ada@example.com")["pending_change"] == .null)
    #expect(try await shop.json("pause ada@example.com")["pause"]?["behavior"] == "void")
    #expect(try await shop.json("unpause ada@example.com")["pause"] == .null)
    #expect(try await shop.json("cancel ada@example.com")["cancel_at_period_end"] == true)
  }

  @Test func whoSaidSoStays() async throws {
    let shop = try await Shop()
    _ = try await shop.json("freeze tokens --reason One")
    _ = try await shop.json("unfreeze tokens --reason Two")
    _ = try await shop.json("freeze tokens --reason Three")
    let freezes = try shop.world.context("--sandbox --quiet").store().read { try $0.freezes() }
    #expect(freezes.map { $0.frozen.reason } == ["One", "Three"])
    #expect(freezes.map { $0.lifted?.reason } == ["Two", nil])
    #expect(freezes.allSatisfy { $0.frozen.actor == "ada@laptop" })
  }

  @Test func aDryRunChangesNothing() async throws {
    let shop = try await Shop()
    let plan = try await shop.json("freeze all --reason x --dry-run")
    #expect(plan["changes"]?.array?.count == 2 && plan["requests"] == [])
    #expect(try await shop.failure("unfreeze all --dry-run").hasPrefix("5 invalid_state: "))
    _ = try await shop.json("freeze tokens --reason x")
    let lifting = try await shop.json("unfreeze all --dry-run")
    #expect(lifting["changes"]?.array?.first?["frozen"] == false)
    #expect(
      try shop.world.context("--sandbox --quiet").store().read { try $0.freezes() }.count == 1)
  }
}
