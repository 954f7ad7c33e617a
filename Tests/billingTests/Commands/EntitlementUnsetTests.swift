import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct EntitlementUnsetTests {
  @Test(arguments: [
    ("", "CUSTOMER is missing;"), ("a@b.c", "FEATURE is missing;"),
    ("a@b.c sso true", "unexpected 'true';"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("entitlement unset \(words)")
        == "\(message) see billing entitlement unset --help")
  }

  @Test func thePlanCountsAgainAndTheHistoryStays() async throws {
    let shop = try await Shop(seeds: false)
    let customer = try await shop.json("customer create --email ada@example.com")["id"]
    _ = try await shop.json("entitlement set ada@example.com sso true --note 'a trial'")
    #expect(await shop.run("gate check ada@example.com sso").exit == .done)
    #expect(try await shop.dryRun("entitlement unset ada@example.com sso") == [])
    let removed = try await shop.json("entitlement unset ada@example.com sso --note over")
    #expect(removed["value"] == JSON.null && removed["status"] == "removed")
    #expect(await shop.run("gate check ada@example.com sso").exit == .denied)
    for words in ["", " --dry-run"] {
      #expect(
        try await shop.failure("entitlement unset ada@example.com sso" + words) == """
          5 invalid_state: \(customer?.string ?? "-") has no sso of its own: nothing to take back; \
          billing entitlement list tells what was granted, and until when
          """)
    }
    let rows = try await shop.json("entitlement list --history")["data"]?.array ?? []
    #expect(
      rows.map { "\(Cell($0["status"]).text) \(Cell($0["note"]).text)" }
        == ["removed over", "replaced a trial"])
  }

  @Test func aKeyTakesItBackOnce() async throws {
    let shop = try await Shop(seeds: false)
    _ = try await shop.json("customer create --email ada@example.com")
    _ = try await shop.json("entitlement set ada@example.com sso true --note why")
    let line = "entitlement unset ada@example.com sso --idempotency-key k"
    let first = try await shop.json(line)
    #expect(try await shop.json(line) == first)
  }
}
