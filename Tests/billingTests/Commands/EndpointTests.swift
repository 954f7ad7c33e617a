import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct EndpointTests {
  private static let url = "https://app.example.com/hook"

  private func add(_ shop: Shop, _ options: String = "--events '*'") async throws -> JSON {
    try await shop.json("endpoint add \(Self.url) \(options)")
  }

  private func run(
    _ line: String, _ shop: Shop, _ application: Application
  ) async -> TestWorld.Result {
    await shop.world.run(
      ["--sandbox", "--quiet", "--json"] + Session.words(of: line), transport: application)
  }

  @Test(arguments: [
    ("", "URL is missing"),
    ("ftp://x --events *", "URL 'ftp://x': it must be an http or https address"),
    (
      "https://u:p@x.example.com --events *",
      "URL: a user or a password cannot stand in it"
    ),
    (
      "http://169.254.169.254 --events *",
      "URL 'http://169.254.169.254': a link-local address is never sent anything"
    ),
    ("https://x.example.com", "--events is missing: names like invoice.paid, or *"),
    (
      "https://x.example.com --events invoice.payed",
      "--events: nothing is called 'invoice.payed'; did you mean invoice.paid?"
    ),
    (
      "https://x.example.com --events customer.*",
      "--events: nothing is called 'customer.*'"
    ),
    ("https://x.example.com --events ''", "--events: nothing is called ''"),
    (
      "https://x.example.com --events * --scheme hmac",
      "--scheme must be standard or stripe, not 'hmac'"
    ),
    (
      "https://x.example.com --events * --scheme standard --signature-header X-A",
      "--signature-header goes with --scheme stripe: standard has headers of its own"
    ),
    (
      "https://x.example.com --events * --signature-header 'X A'",
      "--signature-header must be letters, digits and hyphens, at most 64"
    ),
    (
      "https://x.example.com --events * --signature-header Host",
      "--signature-header Host has a meaning of its own in HTTP"
    ),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    let end = message.hasSuffix("?") ? "" : ";"
    #expect(
      Words.mistake("endpoint add \(words)")
        == "\(message)\(end) see billing endpoint add --help")
  }

  @Test func theSecretIsShownOnce() async throws {
    let shop = try await Shop(seeds: false)
    let added = try await add(shop, "--events 'invoice.paid, subscription.*,invoice.paid'")
    #expect(
      added.object?.keys == OutgoingEndpointView.keys + ["secret"])
    #expect(added["events"] == ["invoice.paid", "subscription.*"])
    #expect(added["scheme"] == "standard" && added["signature_header"] == "webhook-signature")
    let secret = try #require(added["secret"]?.string)
    #expect(secret.wholeMatch(of: /whsec_[A-Za-z0-9]{32}/) != nil)
    let list = await shop.run("endpoint list --json")
    #expect(!list.output.contains(secret))
    #expect(try JSON(parsing: list.output)["data"]?[0]?["id"] == added["id"])
  }

  @Test func anAddressIsAddedOnce() async throws {
    let shop = try await Shop(seeds: false)
    let id = try await add(shop)["id"]?.string ?? "-"
    #expect(
      try await shop.failure("endpoint add \(Self.url) --events invoice.paid")
        == "5 already_exists: \(id) is told at \(Self.url) already: two would be told everything "
        + "twice; billing endpoint remove \(id) makes room for another one")
  }

  @Test func aKeyBringsTheFirstResultWithoutTheSecret() async throws {
    let shop = try await Shop(seeds: false)
    let first = try await add(shop, "--events '*' --idempotency-key one")
    let again = try await add(shop, "--events '*' --idempotency-key one")
    #expect(again["id"] == first["id"] && again["secret"] == .null)
    #expect(
      try await shop.failure("endpoint add \(Self.url) --events invoice.paid --idempotency-key one")
        .hasPrefix("5 idempotency_mismatch"))
  }

  @Test func aHeaderOfOnesOwnIsOfStripesScheme() async throws {
    let shop = try await Shop(seeds: false)
    let added = try await add(shop, "--events '*' --signature-header X-Coditect-Signature")
    #expect(added["scheme"] == "stripe" && added["signature_header"] == "X-Coditect-Signature")
    let secret = Secret(added["secret"]?.string ?? "")
    let application = Application()
    let tested = await run("endpoint test \(added["id"]?.string ?? "-")", shop, application)
    #expect(tested.exit == .done)
    let request = try #require(application.seen.first)
    try WebhookSignature.verify(
      payload: request.body, header: request.headers["X-Coditect-Signature"] ?? "",
      secrets: [secret], toleranceSeconds: nil, now: TestWorld.start)
    #expect(try JSON(parsing: request.body)["type"] == "endpoint.test")
  }

  @Test func whoIsToldWithoutEncryptionIsWarnedOf() async throws {
    let shop = try await Shop(seeds: false)
    let far = await shop.run("endpoint add http://app.example.com --events '*'")
    #expect(far.errors.contains("http://app.example.com is not encrypted"))
    let near = await shop.run("endpoint add http://127.0.0.1:9/x --events '*'")
    #expect(near.exit == .done && near.errors == "")
  }

  @Test func aTestThatIsNotTakenIsTold() async throws {
    let shop = try await Shop(seeds: false)
    let id = try await add(shop)["id"]?.string ?? "-"
    let refused = await run("endpoint test \(id)", shop, Application(status: 401))
    #expect(refused.exit == .partial)
    #expect(try JSON(parsing: refused.output)["http_status"] == 401)
    #expect(
      try Shop.words(of: refused) == "10 partial: \(Self.url) did not take it: answered 401")
    #expect(try await shop.json("delivery list")["data"]?[0]?["status"] == "failed")
    // It was tried once, and nobody else is bothered with it.
    let application = Application()
    #expect(await run("delivery retry", shop, application).exit == .done)
    #expect(application.seen.isEmpty)
    let doctor = try await shop.json("doctor")
    #expect(doctor["data"]?.array?.contains { $0["check"] == "deliveries" } == false)
  }

  @Test func whoIsRemovedIsToldNothingMore() async throws {
    let shop = try await Shop()
    let id = try await add(shop)["id"]?.string ?? "-"
    _ = try await shop.json("subscribe ada@example.com team --create --payment-method pm_card_visa")
    let removed = try await shop.json("endpoint remove \(id)")
    #expect(removed["status"] == "removed")
    #expect(try await shop.json("endpoint remove \(id)") == removed)
    #expect(try await shop.json("endpoint list")["data"] == [])
    let application = Application()
    #expect(await run("delivery retry", shop, application).exit == .done)
    #expect(application.seen.isEmpty)
    #expect(try await shop.failure("endpoint test \(id)").hasPrefix("5 invalid_state: \(id) was"))
    #expect(
      try await shop.failure("endpoint test ep_none")
        == "4 not_found: no endpoint 'ep_none'; billing endpoint list shows their ids")
  }

  @Test func aDryRunAddsAndSendsNothing() async throws {
    let shop = try await Shop(seeds: false)
    let planned = try await shop.json("endpoint add \(Self.url) --events '*' --dry-run")
    #expect(
      planned["changes"] == [
        [
          "object": "endpoint", "action": "create", "url": .string(Self.url), "events": ["*"],
          "scheme": "standard", "signature_header": "webhook-signature",
        ]
      ])
    #expect(try await shop.json("endpoint list")["data"] == [])
    let id = try await add(shop)["id"]?.string ?? "-"
    let application = Application()
    #expect(await run("endpoint test \(id) --dry-run", shop, application).exit == .done)
    #expect(await run("endpoint remove \(id) --dry-run", shop, application).exit == .done)
    #expect(application.seen.isEmpty)
    #expect(try await shop.json("endpoint list")["data"]?.array?.count == 1)
  }
}
