import Basics
import BillingCore
import Testing

@testable import billing

@Suite(.tags(.unit)) struct UsageRecordTests {
  @Test func wordsBecomeOptions() throws {
    let command = try Words.parsed(
      """
      usage record a@b.c ai_requests 3 --at 2h --id r1 --key-id k1 --endpoint /v1 --method GET \
      --status-code 200 --response-time-ms 12
      """, as: UsageRecord.self)
    #expect(command.reference == .email("a@b.c") && command.meterID == "ai_requests")
    #expect(command.quantity == 3 && command.id == "r1")
    #expect(command.at == .span(TimeSpan(seconds: 7200)))
    #expect(
      command.request
        == UsageEvent.Request(
          keyID: "k1", endpoint: "/v1", method: "GET", statusCode: 200,
          responseTimeMilliseconds: 12))
  }

  @Test(arguments: [
    ("", "CUSTOMER is missing;"), ("a@b.c", "METER is missing;"),
    ("a@b.c ai", "QUANTITY is missing;"),
    ("a@b.c ai -1", "QUANTITY must be at least 0, not -1;"),
    ("a@b.c ai 1.5", "QUANTITY must be a whole number, not '1.5';"),
    (
      "a@b.c ai 9223372036854775808", "QUANTITY must be a whole number, not '9223372036854775808';"
    ),
    ("a@b.c ai 1 --id ''", "--id takes 1 to 255 visible characters;"),
    ("a@b.c ai 1 --status-code 99", "--status-code must be from 100 to 599, not 99;"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("usage record \(words)") == "\(message) see billing usage record --help")
  }

  @Test(arguments: ["--key-id ", "--key-id=", "--id ", "--endpoint /v1?key="])
  func aKeyIsNotRepeated(_ words: String) async throws {
    let shop = try await Shop("coditect")
    let key = try await shop.key()["key"]?.string ?? "-"
    let failure = try await shop.failure(
      "usage record ada@example.com ai_requests 1 \(words)\(key)")
    #expect(
      failure.hasPrefix("2 usage: an API key does not belong in a command line"), "\(failure)")
    #expect(!failure.contains(key))
    try shop.expectNowhere(key)
  }

  private func shop() async throws -> Shop {
    let shop = try await Shop("coditect", seeds: false)
    _ = try await shop.json("customer create --email ada@example.com")
    return shop
  }

  private func used(_ shop: Shop, of limit: String = "ai_requests") async throws -> Int64? {
    let result = await shop.run("gate check ada@example.com \(limit) --json")
    return try JSON(parsing: result.output)["used"]?.integer
  }

  @Test func itIsCountedOnceByItsID() async throws {
    let shop = try await shop()
    let line = "usage record ada@example.com ai_requests 2 --id r1 --key-id k1"
    let first = try await shop.json(line)
    let customer = try await shop.json("customer show ada@example.com")["id"]
    #expect(
      first == [
        "id": "r1", "customer": customer ?? .null, "meter": "ai_requests", "quantity": 2,
        "timestamp": first["timestamp"] ?? .null, "key_id": "k1", "endpoint": .null,
        "method": .null, "status_code": .null, "response_time_ms": .null,
      ])
    #expect(try await shop.json(line) == first)
    #expect(try await used(shop) == 2)
    #expect(
      try await shop.failure("usage record ada@example.com ai_requests 3 --id r1") == """
        5 idempotency_mismatch: r1 is written down already, with another quantity, key_id; \
        the same --id is the same event; take another one for another event
        """)
    #expect(
      try await shop.failure(line + " --at 1h")
        .hasPrefix("5 idempotency_mismatch: r1 is written down already, with another timestamp;"))
    #expect(try await used(shop) == 2)
  }

  @Test func withoutAnIDEachIsAnother() async throws {
    let shop = try await shop()
    let line = "usage record ada@example.com ai_requests 1"
    let first = try await shop.json(line)
    #expect(try await shop.json(line)["id"] != first["id"])
    #expect(try await used(shop) == 2)
  }

  @Test func aKeyDoesItOnce() async throws {
    let shop = try await shop()
    let line = "usage record ada@example.com ai_requests 1 --at 1h --idempotency-key k"
    let first = try await shop.json(line)
    #expect(try await shop.json(line) == first)
    #expect(try await used(shop) == 1)
    let mismatch = """
      5 idempotency_mismatch: the key k was used for other words of usage record; \
      take another --idempotency-key
      """
    for other in ["ai_requests 2 --at 1h", "ai_requests 1", "ai_requests 1 --at 1h --id x"] {
      #expect(
        try await shop.failure("usage record ada@example.com \(other) --idempotency-key k")
          == mismatch)
    }
    _ = try await shop.json("customer update ada@example.com --name Ada --idempotency-key u")
    #expect(
      try await shop.failure("usage record ada@example.com ai_requests 1 --idempotency-key u")
        .hasPrefix("5 idempotency_mismatch: the key u was used for other words of customer update"))
    #expect(try await used(shop) == 1)
  }

  @Test func aDryRunWritesNothing() async throws {
    let shop = try await shop()
    let line = "usage record ada@example.com ai_requests 1 --id r1"
    #expect(try await shop.dryRun(line) == [])
    let plan = try await shop.json(line + " --dry-run")
    #expect(plan["changes"]?.array?.first?["object"] == "usage_event")
    #expect(plan["changes"]?.array?.first?["id"] == "r1")
    #expect(try await used(shop) == 0)
    _ = try await shop.json(line)
    #expect(try await shop.json(line + " --dry-run")["changes"] == [])
    #expect(
      try await shop.failure("usage record ada@example.com ai_requests 2 --id r1 --dry-run")
        .hasPrefix("5 idempotency_mismatch: r1 is written down already, with another quantity"))
  }

  /// A meter that keeps the last one tells what is used from then on.
  @Test func theLastCounts() async throws {
    let shop = try await shop()
    for quantity in [40, 90, 60] {
      _ = try await shop.json("usage record ada@example.com storage_mb \(quantity)")
    }
    _ = try await shop.json("usage record ada@example.com storage_mb 500 --at 1h")
    #expect(try await used(shop, of: "storage_mb") == 60)
  }

  @Test(arguments: [
    (
      "ai_requests 1 --at 36d",
      """
      2 usage: --at must not lie more than 35 days back or 5 minutes ahead, and it is \
      2026-10-15T10:00:02Z; Stripe takes no usage of another time
      """
    ),
    (
      "ai_requests 1 --at 2026-11-20T10:06:00Z",
      """
      2 usage: --at must not lie more than 35 days back or 5 minutes ahead, and it is \
      2026-11-20T10:06:00Z; Stripe takes no usage of another time
      """
    ),
    ("ai_request 1", "4 not_found: there is no meter 'ai_request'; did you mean ai_requests?"),
  ])
  func whatCannotBe(_ words: String, _ message: String) async throws {
    let shop = try await shop()
    #expect(try await shop.failure("usage record ada@example.com \(words)") == message)
    #expect(try await used(shop) == 0)
  }

  @Test func whoNobodyKnows() async throws {
    let shop = try await shop()
    #expect(
      try await shop.failure("usage record bob@example.com ai_requests 1")
        .hasPrefix("4 not_found: no customer bob@example.com;"))
  }

  @Test func moreThanCanBeCounted() async throws {
    let shop = try await shop()
    let customer = try await shop.json("customer show ada@example.com")["id"]?.string ?? "-"
    _ = try await shop.json("usage record \(customer) ai_requests \(Int64.max - 1)")
    #expect(
      try await shop.failure("usage record \(customer) ai_requests 2") == """
        2 usage: with this the use of ai_requests by \(customer) would be more than can be counted
        """)
  }

  @Test func whatIsUsedStandsInTheOverview() async throws {
    let shop = try await shop()
    _ = try await shop.json("usage record ada@example.com ai_requests 2")
    #expect(
      try await shop.json("customer overview ada@example.com")["limits"]?["ai_requests"]
        == ["max": 3, "per": "day", "used": 2, "remaining": 1])
    _ = await shop.run("sandbox advance 1d")
    #expect(try await used(shop) == 0)
  }
}
