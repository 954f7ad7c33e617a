import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct ApikeyCreateTests {
  @Test(arguments: [
    ("", "CUSTOMER is missing"), ("a@b.c d", "unexpected 'd'"),
    ("a@b.c --name ''", "--name must be a line of 1 to 100 characters"),
    ("a@b.c --name '\u{1B}[2J'", "--name must be a line of 1 to 100 characters"),
    (
      "a@b.c --expires soon",
      "--expires must be a time (2026-11-20T10:00:00Z, 2026-11-20, unix seconds, 3d, 12h), "
        + "not 'soon'"
    ),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("apikey create \(words)") == "\(message); see billing apikey create --help")
  }

  @Test func itIsShownOnceWithWhatThePlanAllows() async throws {
    let shop = try await Shop("coditect")
    let customer = try await shop.json("customer create --email ada@example.com")["id"]
    let made = try await shop.json("apikey create ada@example.com --name ci --expires 90d")
    #expect(made.object?.keys == ContractTests.apiKey + ["key"])
    let key = try #require(made["key"]?.string)
    #expect(key.wholeMatch(of: /cdt_test_[0-9A-Za-z]{49}/) != nil)
    #expect(made["prefix"]?.string.map { key.hasPrefix($0) && $0.count == 17 } == true)
    #expect(made["customer"] == customer && made["name"] == "ci" && made["active"] == true)
    #expect(made["tier"] == "free" && made["rate_limit_per_minute"] == 10)
    #expect(made["monthly_quota"] == 100 && made["last_used_at"] == JSON.null)
    #expect(made["expires_at"] == "2027-02-18T10:00:02Z" && made["revoked_at"] == JSON.null)
    let listed = try await shop.json("apikey list ada@example.com")["data"]?[0]?.object
    var known = try #require(made.object)
    known["key"] = nil
    #expect(listed == known)
  }

  /// The sandbox's keys are test keys, and so are those of a database in test mode.
  @Test(arguments: ["live", "test"])
  func itsModeIsThatOfTheDatabase(_ mode: String) async throws {
    let world = try TestWorld()
    #expect(await world.run("init").exit == .done)
    let key = "sk_\(mode)_0123456789abcdef"
    let event: JSON = [
      "id": "evt_1", "object": "event", "type": "customer.created", "created": 1_795_000_000,
      "api_version": "2026-10-28.endive", "livemode": .bool(mode == "live"),
      "data": [
        "object": [
          "id": "cus_1", "object": "customer", "created": 1_795_000_000, "balance": 0,
          "metadata": [:], "livemode": .bool(mode == "live"),
        ]
      ],
    ]
    try world.write(event.compact, to: "event.json")
    let taken = await world.run("webhook replay event.json --no-verify")
    #expect(taken.exit == .done, "\(taken.errors)")
    let line = "apikey create cus_1 --json"
    if mode == "live" {
      let refused = await world.run(line, environment: ["STRIPE_SECRET_KEY": key])
      #expect(refused.exit == .usage && refused.errors.contains("live_required"))
    }
    // Without a Stripe key there is none that could be live.
    let made = await world.run(line)
    #expect(try JSON(parsing: made.output)["key"]?.string?.hasPrefix("cdt_\(mode)_") == true)
  }

  @Test func whatIsRefused() async throws {
    let shop = try await Shop("coditect")
    let id = try await shop.json("customer create --email ada@example.com")["id"]?.string ?? "-"
    let first = try await shop.json("apikey create ada@example.com --name ci")["id"]?.string ?? "-"
    for words in ["", " --dry-run"] {
      #expect(
        try await shop.failure("apikey create ada@example.com --name ci" + words) == """
          5 already_exists: \(id) has an active key ci: \(first); \
          billing apikey rotate \(first) issues another one in its place
          """)
    }
    #expect(
      try await shop.failure("apikey create ada@example.com --expires 2026-11-20") == """
        2 usage: --expires must lie ahead, and it is 2026-11-20 10:00
        """)
    #expect(
      try await shop.failure("apikey create bob@example.com").hasPrefix("4 not_found: "))
    #expect(try await shop.json("apikey list ada@example.com")["data"]?.array?.count == 1)
  }

  @Test func aDryRunMakesNone() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json("customer create --email ada@example.com")
    #expect(try await shop.dryRun("apikey create ada@example.com --name ci") == [])
    #expect(try await shop.json("apikey list ada@example.com")["data"] == [])
  }

  @Test func underAKeyItIsMadeOnceAndShownOnce() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json("customer create --email ada@example.com")
    let line = "apikey create ada@example.com --expires 30d --idempotency-key k"
    var first = try #require(try await shop.json(line).object)
    let again = try await shop.json(line)
    first["key"] = .null
    #expect(again.object == first)
    #expect(
      try await shop.failure("apikey create ada@example.com --idempotency-key k") == """
        5 idempotency_mismatch: the key k was used for other words of apikey create; \
        take another --idempotency-key
        """)
  }

  /// Whatever stands beside the sandbox, no file of ours has a key, and no log tells one.
  @Test func noKeyIsKept() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json("customer create --email ada@example.com")
    for line in ["apikey create ada@example.com", "apikey create ada@example.com --json"] {
      let result = await shop.world.run("--sandbox --verbose \(line)")
      let key = try #require(result.output.firstMatch(of: /cdt_test_[0-9A-Za-z]{49}/)).output
      #expect(!result.errors.contains(key))
      let verified = await shop.world.run("--sandbox --verbose apikey verify", input: "\(key)\n")
      #expect(verified.exit == .done)
      #expect(!(verified.output + verified.errors).contains(key.dropFirst(17)))
      try shop.expectNowhere(String(key))
    }
  }

  /// No plan says anything of an API, so nothing is limited.
  @Test func aCatalogueWithoutAnAPIHasNoLimits() async throws {
    let shop = try await Shop("agnostic")
    _ = try await shop.json("customer create --email ada@example.com")
    let made = try await shop.json("apikey create ada@example.com")
    #expect(made["key"]?.string?.hasPrefix("aac_test_") == true)
    #expect(made["rate_limit_per_minute"] == JSON.null && made["monthly_quota"] == JSON.null)
  }
}
