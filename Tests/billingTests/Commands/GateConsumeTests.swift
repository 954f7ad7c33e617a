import Basics
import BillingCore
import Testing

@testable import billing

/// Gates that count what they let through.
@Suite(.tags(.unit)) struct GateConsumeTests {
  @Test func wordsBecomeOptions() throws {
    let command = try Words.parsed(
      "gate check a@b.c runs --consume 2 --lease 15m", as: GateCheck.self)
    #expect(command.consume == 2 && command.lease == TimeSpan(seconds: 900))
    let release = try Words.parsed("gate release a@b.c runs 3", as: GateRelease.self)
    #expect(release.levelID == "runs" && release.units == 3)
    #expect(try Words.parsed("gate release a@b.c runs", as: GateRelease.self).units == 1)
    let set = try Words.parsed("usage set a@b.c runs 0", as: UsageSet.self)
    #expect(set.levelID == "runs" && set.units == 0)
  }

  @Test(arguments: [
    ("gate check", "a@b.c runs --consume 0", "--consume must be at least 1, not 0;"),
    (
      "gate check", "a@b.c runs --lease 15m",
      "--lease is for what is taken with --consume, without --used;"
    ),
    (
      "gate check", "a@b.c runs --consume 1 --lease 0s", "--lease must be longer than nothing;"
    ),
    (
      "gate check", "a@b.c runs --consume 1 --used 2 --lease 15m",
      "--lease is for what is taken with --consume, without --used;"
    ),
    ("gate release", "a@b.c", "FEATURE is missing;"),
    ("gate release", "a@b.c runs 0", "N must be at least 1, not 0;"),
    ("usage set", "a@b.c runs", "N is missing;"),
    ("usage set", "a@b.c runs -1", "N must be at least 0, not -1;"),
  ])
  func wordsThatAreWrong(_ command: String, _ words: String, _ message: String) {
    #expect(
      Words.mistake("\(command) \(words)") == "\(message) see billing \(command) --help")
  }

  private func shop(_ plans: String = "coditect") async throws -> Shop {
    let shop = try await Shop(plans, seeds: false)
    _ = try await shop.json("customer create --email ada@example.com")
    return shop
  }

  /// `yes used remaining message` of a decision.
  private func decision(_ shop: Shop, _ words: String) async throws -> String {
    let result = await shop.run("gate check ada@example.com \(words) --json")
    let json = try JSON(parsing: result.output)
    #expect((json["allowed"] == true) == (result.exit == .done), "\(result.errors)")
    return [
      json["allowed"] == true ? "yes" : "no", Cell(json["used"]).text, Cell(json["remaining"]).text,
      json["message"]?.string ?? "-",
    ].joined(separator: " ")
  }

  /// Three requests a day are free: the fourth is refused, until the next day.
  @Test func aFlowIsCountedAsItIsLetThrough() async throws {
    let shop = try await shop()
    for used in 1...3 {
      #expect(
        try await decision(shop, "ai_requests --consume 1")
          == "yes \(used) \(3 - used) AI requests: \(used) of 3 are used with Free")
    }
    #expect(
      try await decision(shop, "ai_requests --consume 1") == """
        no 3 0 AI requests: 3 of 3 are used, all that Free allows. Upgrade or buy tokens
        """)
    #expect(try await decision(shop, "ai_requests").hasPrefix("no 3 0"))
    _ = await shop.run("sandbox advance 1d")
    #expect(try await decision(shop, "ai_requests").hasPrefix("yes 0 3"))
  }

  /// What a plan does not allow, tokens pay for, and the plan is not charged with it.
  @Test func tokensPayForWhatIsBeyondTheLimit() async throws {
    let shop = try await shop()
    _ = try await shop.json("tokens grant ada@example.com 4500 --reference r")
    _ = try await decision(shop, "ai_requests --consume 2")
    func balance() async throws -> Int64? {
      try await shop.json("tokens balance ada@example.com")["balance"]?.integer
    }
    #expect(
      try await decision(shop, "ai_requests --consume 2") == """
        yes 3 0 AI requests: 3 of 3 are used; what goes beyond takes 1,500 tokens
        """)
    #expect(try await balance() == 3000)
    let check = try await shop.json("gate check ada@example.com ai_requests")
    #expect(check["reason"] == "tokens" && check["upgrade_to"] == JSON.null)
    #expect(try await balance() == 3000)
    #expect(try await decision(shop, "ai_requests --consume 3").hasPrefix("no 3 0"))
    #expect(try await decision(shop, "ai_requests --consume 2").hasPrefix("yes 3 0"))
    #expect(try await balance() == 0)
    #expect(try await decision(shop, "ai_requests --consume 1").hasPrefix("no 3 0"))
    _ = await shop.run("sandbox advance 1d")
    #expect(try await decision(shop, "ai_requests --consume 1").hasPrefix("yes 1 2"))
    #expect(try await shop.json("tokens audit")["differences"] ?? [] == [])
  }

  @Test func whatDoesNotFitIsNotTakenInPart() async throws {
    let shop = try await shop()
    #expect(try await decision(shop, "ai_requests --consume 2").hasPrefix("yes 2 1"))
    #expect(
      try await decision(shop, "ai_requests --consume 2") == """
        no 2 1 AI requests: 2 of 3 are used, and 1 left is fewer than 2. Upgrade or buy tokens
        """)
    #expect(try await decision(shop, "ai_requests --consume 1").hasPrefix("yes 3 0"))
  }

  /// Without a limit it is counted all the same: it may be billed.
  @Test func anUnlimitedFlowIsCounted() async throws {
    let shop = try await shop()
    _ = try await shop.json("entitlement set ada@example.com ai_requests unlimited --note x")
    #expect(try await decision(shop, "ai_requests --consume 40").hasPrefix("yes 40 -"))
    #expect(try await decision(shop, "ai_requests").hasPrefix("yes 40 -"))
  }

  /// A meter that keeps the last is told what is used with the new ones.
  @Test func whatIsUsedLastGrows() async throws {
    let shop = try await shop()
    _ = try await shop.json("usage record ada@example.com storage_mb 90")
    #expect(try await decision(shop, "storage_mb --consume 10").hasPrefix("yes 100 0"))
    #expect(try await decision(shop, "storage_mb --consume 1").hasPrefix("no 100 0"))
    _ = try await shop.json("usage record ada@example.com storage_mb 20")
    #expect(try await decision(shop, "storage_mb --consume 30").hasPrefix("yes 50 50"))
  }

  @Test func aLevelIsTakenAndGivenBack() async throws {
    let shop = try await shop("agnostic")
    #expect(try await decision(shop, "users --consume 2").hasPrefix("yes 2 1"))
    #expect(try await decision(shop, "users --consume 2").hasPrefix("no 2 1"))
    let customer = try await shop.json("customer show ada@example.com")["id"] ?? .null
    #expect(
      try await shop.json("gate release ada@example.com users") == [
        "customer": customer, "level": "users", "held": 1, "limit": 3, "remaining": 2,
      ])
    #expect(
      try await shop.failure("gate release ada@example.com users 2") == """
        5 invalid_state: \(customer.string ?? "-") holds 1 of users, so 2 cannot be given back; \
        billing usage set tells how many are held
        """)
    #expect(try await shop.json("usage set ada@example.com users 3")["remaining"] == 0)
    #expect(try await decision(shop, "users").hasPrefix("no 3 0"))
    // A new month takes nothing of a level away.
    _ = await shop.run("sandbox advance '2 months'")
    #expect(try await decision(shop, "users").hasPrefix("no 3 0"))
  }

  @Test func aLeaseIsGivenBackByItself() async throws {
    let shop = try await shop("agnostic")
    _ = try await shop.json("entitlement set ada@example.com concurrent_runs 3 --note x")
    let take = "concurrent_runs --consume 1"
    #expect(try await decision(shop, take + " --lease 1h").hasPrefix("yes 1 2"))
    #expect(try await decision(shop, take + " --lease 10m").hasPrefix("yes 2 1"))
    #expect(try await decision(shop, take).hasPrefix("yes 3 0"))
    #expect(try await decision(shop, take).hasPrefix("no 3 0"))
    _ = await shop.run("sandbox advance 10m")
    #expect(try await decision(shop, "concurrent_runs").hasPrefix("yes 2 1"))
    // What is on lease goes first.
    #expect(
      try await shop.json("gate release ada@example.com concurrent_runs")["held"] == 1)
    _ = await shop.run("sandbox advance 1d")
    #expect(try await decision(shop, "concurrent_runs").hasPrefix("yes 1 2"))
    #expect(
      try await shop.json("gate release ada@example.com concurrent_runs")["held"] == 0)
  }

  @Test func aLeaseIsGivenBackInPart() async throws {
    let shop = try await shop("agnostic")
    _ = try await shop.json("entitlement set ada@example.com concurrent_runs 9 --note x")
    _ = try await decision(shop, "concurrent_runs --consume 5 --lease 1h")
    _ = try await decision(shop, "concurrent_runs --consume 2")
    #expect(try await shop.json("gate release ada@example.com concurrent_runs 3")["held"] == 4)
    _ = await shop.run("sandbox advance 1h")
    #expect(try await decision(shop, "concurrent_runs").hasPrefix("yes 2 7"))
    _ = try await decision(shop, "concurrent_runs --consume 1 --lease 1h")
    #expect(try await shop.json("usage set ada@example.com concurrent_runs 4")["held"] == 4)
    _ = await shop.run("sandbox advance 1h")
    #expect(try await decision(shop, "concurrent_runs").hasPrefix("yes 4 5"))
  }

  @Test func anOwnCountTakesNothing() async throws {
    let shop = try await shop("agnostic")
    #expect(try await decision(shop, "users --used 1 --consume 2").hasPrefix("yes 1 2"))
    #expect(try await decision(shop, "users --used 2 --consume 2").hasPrefix("no 2 1"))
    #expect(try await decision(shop, "users").hasPrefix("yes 0 3"))
  }

  @Test func aKeyTakesItOnce() async throws {
    let shop = try await shop()
    let take = "gate check ada@example.com ai_requests --consume 2 --idempotency-key k"
    let first = try await shop.json(take)
    #expect(try await shop.json(take) == first)
    #expect(try await decision(shop, "ai_requests").hasPrefix("yes 2 1"))
    #expect(
      try await shop.failure(
        "gate check ada@example.com ai_requests --consume 1 --idempotency-key k")
          == """
          5 idempotency_mismatch: the key k was used for other words of gate check; \
          take another --idempotency-key
          """)
    // What was refused took nothing, so that it may be asked again.
    let more = "ai_requests --consume 3 --idempotency-key more"
    #expect(try await decision(shop, more).hasPrefix("no 2 1"))
    _ = try await shop.json("entitlement set ada@example.com ai_requests 5 --note x")
    #expect(try await decision(shop, more).hasPrefix("yes 5 0"))
    #expect(try await decision(shop, more).hasPrefix("yes 5 0"))
    let release = "gate release ada@example.com projects --idempotency-key r"
    _ = try await shop.json("usage set ada@example.com projects 2 --idempotency-key s")
    let released = try await shop.json(release)
    #expect(released["held"] == 1)
    #expect(try await shop.json(release) == released)
    #expect(try await decision(shop, "projects").hasPrefix("no 1 0"))
  }

  @Test func aDryRunTakesNothing() async throws {
    let shop = try await shop("agnostic")
    for (line, change) in [
      (
        "gate check ada@example.com users --consume 2",
        #""object":"level","customer":"C","feature":"users","taken":2"#
      ),
      (
        "gate check ada@example.com test_runs --consume 2",
        #""object":"usage_event","customer":"C","feature":"test_runs","taken":2"#
      ),
      (
        "usage set ada@example.com users 2",
        #""object":"level","customer":"C","level":"users","from":0,"to":2"#
      ),
    ] {
      let customer = try await shop.json("customer show ada@example.com")["id"]?.string ?? "-"
      #expect(try await shop.dryRun(line) == [])
      let plan = try await shop.json(line + " --dry-run")
      #expect(
        plan["changes"]?.compact == "[{\(change.replacing("\"C\"", with: "\"\(customer)\""))}]")
    }
    #expect(
      await shop.run("gate check ada@example.com users --consume 4 --dry-run").exit == .denied)
    #expect(
      try await shop.failure("gate release ada@example.com users --dry-run")
        .hasPrefix("5 invalid_state:"))
    #expect(try await decision(shop, "users").hasPrefix("yes 0 3"))
    #expect(try await decision(shop, "test_runs").hasPrefix("yes 0 100"))
  }

  @Test(arguments: [
    (
      "gate check ada@example.com sso --consume 1",
      "2 usage: --consume is for limits, and sso is a feature; leave --consume out"
    ),
    (
      "gate check ada@example.com ai_requests --consume 1 --lease 1m",
      """
      2 usage: --lease is for levels, and ai_requests is a flow, which is metered; usage is not \
      given back; leave --lease out
      """
    ),
    (
      "gate release ada@example.com ai_requests",
      """
      2 usage: gate release is for levels, and ai_requests is a flow, which is metered; only what \
      is held can be given back
      """
    ),
    (
      "usage set ada@example.com sso 1",
      "2 usage: usage set is for levels, and sso is a feature; billing usage record counts what is "
        + "metered"
    ),
    (
      "usage set ada@example.com project 1",
      "4 not_found: no plan names a limit or feature 'project'; did you mean projects?"
    ),
  ])
  func whatCannotBe(_ line: String, _ message: String) async throws {
    let shop = try await shop()
    #expect(try await shop.failure(line) == message)
  }

  @Test func eventsAreCountedOneByOne() async throws {
    let shop = try await shop()
    let text = try shop.world.text(of: "plans.yaml")
    try shop.world.write(
      text.replacing("aggregation: sum", with: "aggregation: count"), to: "plans.yaml")
    #expect(
      try await shop.failure("gate check ada@example.com ai_requests --consume 2") == """
        2 usage: ai_requests counts events, and --consume 2 would be 2 of them; ask for each with \
        --consume 1
        """)
    _ = try await shop.json("usage record ada@example.com ai_requests 50")
    #expect(try await decision(shop, "ai_requests --consume 1").hasPrefix("yes 2 1"))
  }

  @Test func moreThanCanBeCounted() async throws {
    let shop = try await shop()
    for limit in ["storage_mb", "projects"] {
      _ = try await shop.json("entitlement set ada@example.com \(limit) unlimited --note x")
    }
    _ = try await shop.json("usage record ada@example.com storage_mb \(Int64.max)")
    _ = try await shop.json("usage set ada@example.com projects \(Int64.max)")
    for limit in ["storage_mb", "projects"] {
      #expect(
        try await shop.failure("gate check ada@example.com \(limit) --consume 1")
          .hasSuffix("than can be counted"))
    }
  }
}
