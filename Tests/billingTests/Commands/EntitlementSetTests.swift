import Basics
import BillingCore
import Testing

@testable import billing

@Suite(.tags(.unit)) struct EntitlementSetTests {
  @Test func wordsBecomeOptions() throws {
    let command = try Words.parsed(
      "entitlement set a@b.c sso true --until 3d --note why", as: EntitlementSet.self)
    #expect(command.reference == .email("a@b.c") && command.featureID == "sso")
    #expect(command.value == "true" && command.note == "why")
    #expect(command.until == .span(TimeSpan(seconds: 259_200)))
  }

  @Test(arguments: [
    ("", "CUSTOMER is missing;"), ("a@b.c", "FEATURE is missing;"),
    ("a@b.c sso", "VALUE is missing;"), ("a@b.c sso true", "--note is missing: say why;"),
    ("a@b.c sso true --note ''", "--note is missing: say why;"),
    (
      "a@b.c sso true --note x --until soon",
      """
      --until must be a time (2026-11-20T10:00:00Z, 2026-11-20, unix seconds, 3d, 12h), not 'soon';
      """
    ),
    (
      "a@b.c sso true --note \(String(repeating: "x", count: 501))",
      "--note takes at most 500 characters;"
    ),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("entitlement set \(words)")
        == "\(message) see billing entitlement set --help")
  }

  private func shop() async throws -> Shop {
    let shop = try await Shop(seeds: false)
    _ = try await shop.json("customer create --email ada@example.com")
    return shop
  }

  private func history(_ shop: Shop) async throws -> [String] {
    try await shop.json("entitlement list ada@example.com --history")["data"]?.array?.map { row in
      ["feature", "value", "status", "actor", "note"].map { Cell(row[$0]).text }
        .joined(separator: " ")
    } ?? []
  }

  @Test func aGrantCountsAtOnceAndLapses() async throws {
    let shop = try await shop()
    let made = try await shop.json(
      "entitlement set ada@example.com projects 3 --until 1d --note 'sales agreed'")
    #expect(
      made.object?.keys == [
        "id", "customer", "feature", "value", "until", "note", "actor", "status", "created",
      ])
    #expect(made["value"] == 3 && made["status"] == "active")
    #expect(try await shop.json("gate check ada@example.com projects --used 2")["limit"] == 3)
    #expect(
      try await shop.json("customer overview ada@example.com")["limits"]?["projects"]
        == ["max": 3, "per": .null, "used": 0, "remaining": 3])
    _ = await shop.run("sandbox advance 1d")
    #expect(await shop.run("gate check ada@example.com projects --used 2").exit == .denied)
    #expect(try await history(shop) == ["projects 3 lapsed ada@laptop sales agreed"])
    #expect(try await shop.json("entitlement list")["data"] == [])
  }

  @Test func theVerySameIsWrittenOnce() async throws {
    let shop = try await shop()
    let line = "entitlement set ada@example.com projects 3 --note why"
    let first = try await shop.json(line)
    #expect(try await shop.json(line) == first)
    _ = try await shop.json("entitlement set ada@example.com projects 4 --note why")
    let again = try await shop.json(line)
    #expect(again["id"] != first["id"])
    #expect(
      try await history(shop) == [
        "projects 3 active ada@laptop why", "projects 4 replaced ada@laptop why",
        "projects 3 replaced ada@laptop why",
      ])
  }

  @Test func aKeyDoesItOnce() async throws {
    let shop = try await shop()
    let line = "entitlement set ada@example.com projects 3 --until 3d --note why"
    let first = try await shop.json(line + " --idempotency-key k")
    #expect(try await shop.json(line + " --idempotency-key k") == first)
    for other in [
      "entitlement set ada@example.com projects 4 --until 3d --note why",
      "entitlement unset ada@example.com projects",
    ] {
      #expect(
        try await shop.failure(other + " --idempotency-key k") == """
          5 idempotency_mismatch: the key k was used for other words of entitlement set; \
          take another --idempotency-key
          """)
    }
    #expect(try await history(shop).count == 1)
    _ = try await shop.json("customer update ada@example.com --name Ada --idempotency-key other")
    #expect(
      try await shop.failure(line + " --idempotency-key other")
        .hasPrefix("5 idempotency_mismatch: the key other was used for other words of customer"))
  }

  /// What a key brought is told again when it has lapsed; a new grant would be for nobody.
  @Test func aKeyTellsItsResultAlsoLater() async throws {
    let shop = try await shop()
    let line = "entitlement set ada@example.com projects 3 --until 2026-11-22 --note why"
    let first = try await shop.json(line + " --idempotency-key k")
    _ = await shop.run("sandbox advance 5d")
    let again = try await shop.json(line + " --idempotency-key k")
    #expect(again["id"] == first["id"] && again["status"] == "lapsed")
    for other in ["", " --idempotency-key new"] {
      #expect(
        try await shop.failure(line + other).hasPrefix("2 usage: --until must lie ahead, and it is")
      )
    }
    #expect(try await history(shop).count == 1)
  }

  @Test func aDryRunWritesNothing() async throws {
    let shop = try await shop()
    let line = "entitlement set ada@example.com projects unlimited --note why"
    #expect(try await shop.dryRun(line) == [])
    let plan = try await shop.json(line + " --dry-run")
    #expect(plan["changes"]?.array?.first?["value"] == "unlimited")
    #expect(try await history(shop) == [])
  }

  @Test(arguments: [
    ("sso maybe", "2 usage: sso takes true or false, not 'maybe'"),
    ("projects some", "2 usage: projects takes a whole number or unlimited, not 'some'"),
    ("projects -3", "2 usage: projects takes a whole number or unlimited, not '-3'"),
    (
      "project 3", "4 not_found: no plan names a limit or feature 'project'; did you mean projects?"
    ),
    (
      "projects 3 --until 2026-11-19",
      "2 usage: --until must lie ahead, and it is 2026-11-20 10:00"
    ),
  ])
  func whatCannotBe(_ words: String, _ message: String) async throws {
    let shop = try await shop()
    #expect(
      try await shop.failure("entitlement set ada@example.com \(words) --note why") == message)
    #expect(try await history(shop) == [])
  }

  /// Rights of real customers change like their money: with --live, and a yes.
  @Test func aLiveKeyNeedsLiveAndAYes() async throws {
    let world = try TestWorld()
    try world.write(PlansTemplate.text, to: "plans.yaml")
    let catalogue = try Catalogue(yaml: PlansTemplate.text, file: "plans.yaml")
    let limit = try #require(catalogue.limitIDs.first)
    let words = ["entitlement", "set", "ada@example.com", limit, "5", "--note", "x", "--json"]
    let live = ["STRIPE_SECRET_KEY": "sk_live_abcdefghijkl"]
    #expect(
      try Shop.words(of: await world.run(words, environment: live))
        .hasPrefix("2 live_required: this is a live key, and --live is missing"))
    #expect(
      try Shop.words(of: await world.run(words + ["--live"], environment: live)) == """
        2 confirmation_required: not confirmed: grant ada@example.com \(limit) of its own (live); \
        run it again with --yes
        """)
  }
}
