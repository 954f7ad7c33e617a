import Basics
import BillingCore
import Testing

@testable import billing

@Suite(.tags(.unit)) struct ApikeyVerifyTests {
  @Test(arguments: ["verify x", "verify -- -x"])
  func aKeyIsNoArgument(_ words: String) {
    #expect(
      Words.mistake("apikey \(words)") == """
        the key comes on standard input, not as a word of the command line; \
        see billing apikey verify --help
        """)
  }

  /// Wherever one is pasted, it is not repeated, and nothing is done.
  @Test(arguments: [
    ("apikey revoke KEY --yes", "apikey revoke"), ("apikey create KEY", "apikey create"),
    ("customer create --email a@b.c --metadata k=v --name=KEY", "customer create"),
    ("customer show --kye=KEY", "customer show"), ("KEY", ""),
  ])
  func aKeyInAnyWordIsRefused(_ line: String, _ command: String) throws {
    let key = APIKeySecret(
      prefix: "cdt", mode: .live, random: String(repeating: "x", count: 43)
    ).secret.reveal()
    let mistake = Words.mistake(line.replacing("KEY", with: key))
    #expect(
      mistake == """
        an API key does not belong in a command line, where others see it; it has an id (key_…); \
        see billing \(command.isEmpty ? "" : command + " ")--help
        """)
  }

  @Test func aRequestIsLetThroughAndCounted() async throws {
    let shop = try await Shop("coditect")
    let made = try await shop.key("--name ci")
    let key = made["key"]?.string ?? "-"
    let first = try await shop.verify(key)
    #expect(first["valid"] == true && first["reason"] == "valid" && first["id"] == made["id"])
    #expect(first["customer"] == made["customer"] && first["tier"] == "free")
    #expect(first["retry_after_seconds"] == JSON.null)
    let minute = "2026-11-20T10:01:03Z"
    let month = "2026-12-01T00:00:00Z"
    #expect(first["rate_limit"] == ["limit": 10, "remaining": 9, "reset_at": .string(minute)])
    #expect(first["quota"] == ["limit": 100, "remaining": 99, "reset_at": .string(month)])
    // What only asks counts nothing.
    #expect(try await shop.verify(key, "--dry-run")["rate_limit"]?["remaining"] == 8)
    #expect(try await shop.verify("  \(key)\r\n")["rate_limit"]?["remaining"] == 8)
    #expect(
      try await shop.json("apikey list ada@example.com")["data"]?[0]?["last_used_at"]
        == "2026-11-20T10:00:03Z")
  }

  @Test(arguments: [
    "", "\n", "hello", "sk_live_0123456789abcdefghijklmnop", "cdt_test_x", "two words",
    String(repeating: "x", count: 100_000), "\u{0}\u{1B}[31m",
  ])
  func whatIsNoKeyNeedsNoDatabase(_ text: String) async throws {
    let world = try TestWorld()
    let result = await world.run("apikey verify --json", input: text)
    #expect(
      try JSON(parsing: result.output).compact == """
        {"valid":false,"reason":"malformed","id":null,"customer":null,"tier":null,\
        "rate_limit":null,"quota":null,"retry_after_seconds":null}
        """)
    #expect(result.exit == .denied && result.errors == "")
    #expect(!world.exists("billing.db"))
  }

  /// Well formed, and from elsewhere.
  @Test func aKeyThatNobodyIssuedHere() async throws {
    let shop = try await Shop("coditect")
    let other = try await Shop("coditect")
    for _ in 1...2 { _ = try await other.key("", email: "x@example.com") }
    let decision = try await shop.verify(
      other.key("", email: "x@example.com")["key"]?.string ?? "-")
    #expect(decision["reason"] == "unknown" && decision["id"] == JSON.null)
  }

  @Test func theNextOneKnowsOfARevocation() async throws {
    let shop = try await Shop("coditect")
    let made = try await shop.key()
    let key = made["key"]?.string ?? "-"
    #expect(try await shop.verify(key)["valid"] == true)
    _ = try await shop.json("apikey revoke \(made["id"]?.string ?? "-") --yes")
    let decision = try await shop.verify(key)
    #expect(decision["reason"] == "revoked" && decision["id"] == made["id"])
    #expect(decision["rate_limit"] == JSON.null && decision["retry_after_seconds"] == JSON.null)
  }

  @Test func itExpiresAtTheSecond() async throws {
    let shop = try await Shop("coditect")
    let key = try await shop.key("--expires 1h")["key"]?.string ?? "-"
    shop.world.tick(3599)
    #expect(try await shop.verify(key)["valid"] == true)
    shop.world.tick()
    #expect(try await shop.verify(key)["reason"] == "expired")
  }

  @Test func aMinuteHasNoMoreThanItsLimit() async throws {
    let shop = try await Shop("coditect")
    let key = try await shop.key()["key"]?.string ?? "-"
    #expect(try await shop.verify(key)["valid"] == true)
    shop.world.tick(40)
    for _ in 2...10 { #expect(try await shop.verify(key)["valid"] == true) }
    let refused = try await shop.verify(key)
    #expect(refused["reason"] == "rate_limited" && refused["retry_after_seconds"] == 20)
    #expect(
      refused["rate_limit"]
        == ["limit": 10, "remaining": 0, "reset_at": "2026-11-20T10:01:43Z"])
    #expect(refused["quota"]?["remaining"] == 90)
    shop.world.tick(19)
    #expect(try await shop.verify(key)["retry_after_seconds"] == 1)
    shop.world.tick()
    #expect(try await shop.verify(key)["valid"] == true)
    #expect(try await shop.verify(key)["retry_after_seconds"] == 40)
    // Another key has its own minute, and the same month.
    let other = try await shop.key()["key"]?.string ?? "-"
    let decision = try await shop.verify(other)
    #expect(decision["rate_limit"]?["remaining"] == 9 && decision["quota"]?["remaining"] == 88)
  }

  @Test func aMonthHasNoMoreThanItsQuota() async throws {
    let shop = try await Shop("coditect")
    let key = try await shop.key()["key"]?.string ?? "-"
    for count in 1...100 {
      if count % 10 == 1 { shop.world.tick(60) }
      #expect(try await shop.verify(key)["valid"] == true)
    }
    let refused = try await shop.verify(key)
    #expect(refused["reason"] == "quota_exceeded" && refused["quota"]?["remaining"] == 0)
    let seconds = try #require(refused["retry_after_seconds"]?.integer)
    // A second key is no second plan.
    let other = try await shop.key()["key"]?.string ?? "-"
    #expect(try await shop.verify(other)["reason"] == "quota_exceeded")
    shop.world.tick(seconds - 3)
    #expect(try await shop.verify(key)["retry_after_seconds"] == 1)
    shop.world.tick()
    let next = try await shop.verify(key)
    #expect(next["valid"] == true && next["quota"]?["remaining"] == 99)
    #expect(next["quota"]?["reset_at"] == "2027-01-01T00:00:00Z")
  }

  @Test func aChangeOfPlanCountsAtOnce() async throws {
    let shop = try await Shop("coditect")
    let key = try await shop.key()["key"]?.string ?? "-"
    for _ in 1...10 { _ = try await shop.verify(key) }
    #expect(try await shop.verify(key)["reason"] == "rate_limited")
    _ = try await shop.json(
      "subscribe ada@example.com starter --payment-method pm_card_visa")
    let better = try await shop.verify(key)
    #expect(better["tier"] == "starter" && better["rate_limit"]?["limit"] == 100)
    #expect(better["rate_limit"]?["remaining"] == 89 && better["quota"]?["limit"] == 10_000)
    _ = try await shop.json("cancel ada@example.com --now --yes")
    #expect(try await shop.verify(key)["reason"] == "rate_limited")
    let text = try shop.world.text(of: "plans.yaml")
    try shop.world.write(
      text.replacing("rate_limit_per_minute: 10,", with: "rate_limit_per_minute: unlimited,"),
      to: "plans.yaml")
    let unlimited = try await shop.verify(key)
    #expect(unlimited["valid"] == true)
    #expect(
      unlimited["rate_limit"] == ["limit": .null, "remaining": .null, "reset_at": .null])
  }

  /// Other plans have an API, and this one says nothing of it; a limit of 0 means the same.
  @Test(arguments: ["", "    api: { rate_limit_per_minute: 0, monthly_quota: 5 }\n"])
  func aPlanWithoutAnAPI(_ words: String) async throws {
    let shop = try await Shop("api")
    let key = try await shop.key()["key"]?.string ?? "-"
    let text = try shop.world.text(of: "plans.yaml")
    try shop.world.write(
      text.replacing(
        "    api: { rate_limit_per_minute: 10, monthly_quota: 100 }\n", with: words),
      to: "plans.yaml")
    let decision = try await shop.verify(key)
    #expect(decision["reason"] == "not_in_plan" && decision["tier"] == "free")
    #expect(decision["retry_after_seconds"] == JSON.null)
  }

  @Test func aPlanThatVanishedIsAFaultOfTheCatalogue() async throws {
    let shop = try await Shop("api")
    let made = try await shop.key()
    _ = try await shop.json("subscribe ada@example.com team --payment-method pm_card_visa")
    let text = try shop.world.text(of: "plans.yaml")
    try shop.world.write(text.replacing("id: team", with: "id: group"), to: "plans.yaml")
    let result = await shop.world.run(
      "--sandbox --quiet --json apikey verify", input: made["key"]?.string ?? "-")
    #expect(result.exit == .configuration && result.output == "")
    // What has to go on goes on.
    let listed = await shop.run("apikey list ada@example.com --json")
    #expect(listed.exit == .done && listed.errors.hasPrefix("warning: "))
    #expect(try JSON(parsing: listed.output)["data"]?[0]?["tier"] == JSON.null)
    #expect(await shop.run("apikey revoke \(made["id"]?.string ?? "-") --yes").exit == .done)
  }

  @Test func theKeysOfADeletedCustomerGoWithIt() async throws {
    let shop = try await Shop("coditect")
    let made = try await shop.key()
    _ = try await shop.json("customer delete ada@example.com --yes")
    #expect(try await shop.verify(made["key"]?.string ?? "-")["reason"] == "revoked")
    let id = made["customer"]?.string ?? "-"
    #expect(try await shop.json("apikey list \(id)")["data"]?[0]?["active"] == false)
  }

  /// An old key stays a key when the company takes another prefix.
  @Test func thePrefixMayChange() async throws {
    let shop = try await Shop("coditect")
    let key = try await shop.key()["key"]?.string ?? "-"
    let text = try shop.world.text(of: "plans.yaml")
    try shop.world.write(
      text.replacing("key_prefix: cdt", with: "key_prefix: acme"), to: "plans.yaml")
    #expect(try await shop.verify(key)["valid"] == true)
    #expect(try await shop.key()["prefix"]?.string?.hasPrefix("acme_test_") == true)
  }

  @Test func anIdempotencyKeyCannotStandForARequest() async throws {
    let shop = try await Shop("coditect")
    #expect(
      try await shop.failure("apikey verify --idempotency-key k") == """
        2 usage: every request is counted, so an --idempotency-key cannot stand for one; \
        leave --idempotency-key out
        """)
  }
}
