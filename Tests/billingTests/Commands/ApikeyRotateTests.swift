import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct ApikeyRotateTests {
  @Test(arguments: [
    ("", "ID is missing"), ("key_1 x", "unexpected 'x'"),
    (
      "key_1 --overlap soon", "--overlap must be a length of time (90s, 24h, 3d), not 'soon'"
    ),
    (
      "cdt_live_0123", "ID is a key's id (key_…); the key itself does not belong on a command line"
    ),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("apikey rotate \(words)") == "\(message); see billing apikey rotate --help")
  }

  @Test func bothAreGoodThroughTheOverlapUnderOneLimit() async throws {
    let shop = try await Shop("coditect")
    let old = try await shop.key("--name ci")
    let new = try await shop.json("apikey rotate \(old["id"]?.string ?? "-")")
    #expect(new.object?.keys == ContractTests.apiKey + ["key"])
    #expect(new["name"] == "ci" && new["key"] != old["key"] && new["id"] != old["id"])
    let listed = try await shop.json("apikey list ada@example.com")["data"]
    #expect(listed?.array?.map { $0["id"] } == [new["id"], old["id"]])
    #expect(listed?[1]?["expires_at"] == "2026-11-21T10:00:04Z" && listed?[1]?["active"] == true)
    let texts = [old, new].map { $0["key"]?.string ?? "-" }
    for count in 0..<10 { #expect(try await shop.verify(texts[count % 2])["valid"] == true) }
    for text in texts { #expect(try await shop.verify(text)["reason"] == "rate_limited") }
    shop.world.tick(86_400)
    #expect(try await shop.verify(texts[0])["reason"] == "expired")
    #expect(try await shop.verify(texts[1])["valid"] == true)
  }

  @Test func withoutAnOverlapTheOldOneEndsAtOnce() async throws {
    let shop = try await Shop("coditect")
    let old = try await shop.key()
    let new = try await shop.json("apikey rotate \(old["id"]?.string ?? "-") --overlap 0s")
    #expect(try await shop.verify(old["key"]?.string ?? "-")["reason"] == "revoked")
    #expect(try await shop.verify(new["key"]?.string ?? "-")["valid"] == true)
  }

  @Test func itIsDoneOnce() async throws {
    let shop = try await Shop("coditect")
    let id = try await shop.key()["id"]?.string ?? "-"
    #expect(try await shop.dryRun("apikey rotate \(id)") == [])
    let line = "apikey rotate \(id) --idempotency-key k"
    let new = try await shop.json(line)
    let again = try await shop.json(line)
    #expect(again["id"] == new["id"] && again["key"] == JSON.null)
    let successor = new["id"]?.string ?? "-"
    for words in ["", " --dry-run"] {
      #expect(
        try await shop.failure("apikey rotate \(id)" + words) == """
          5 invalid_state: \(id) was rotated already: \(successor) came in its place; \
          billing apikey rotate \(successor)
          """)
    }
  }

  @Test func whatHasEndedIsNotRotated() async throws {
    let shop = try await Shop("coditect")
    let made = try await shop.key()
    let (id, customer) = (made["id"]?.string ?? "-", made["customer"]?.string ?? "-")
    _ = try await shop.json("apikey revoke \(id) --yes")
    #expect(
      try await shop.failure("apikey rotate \(id)") == """
        5 invalid_state: \(id) was revoked; billing apikey create \(customer) issues a new one
        """)
    let other = try await shop.key("--expires 1h")["id"]?.string ?? "-"
    shop.world.tick(3600)
    #expect(
      try await shop.failure("apikey rotate \(other)") == """
        5 invalid_state: \(other) has expired; billing apikey create \(customer) issues a new one
        """)
    #expect(
      try await shop.failure("apikey rotate key_none") == """
        4 not_found: no API key 'key_none'; billing apikey list CUSTOMER shows their ids
        """)
  }
}
