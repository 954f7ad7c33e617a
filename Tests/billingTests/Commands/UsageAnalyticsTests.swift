import Basics
import BillingCore
import Testing

@testable import billing

@Suite(.tags(.unit)) struct UsageAnalyticsTests {
  @Test func wordsBecomeOptions() throws {
    let command = try Words.parsed(
      "usage analytics a@b.c --by status --since 7d --limit 5", as: UsageAnalytics.self)
    #expect(command.reference == .email("a@b.c") && command.grouping == .status)
    #expect(command.since == .span(TimeSpan(seconds: 7 * 86_400)) && command.limit == 5)
    let bare = try Words.parsed("usage analytics", as: UsageAnalytics.self)
    #expect(bare.reference == nil && bare.grouping == .endpoint && bare.since == nil)
    #expect(bare.limit == 100)
  }

  @Test(arguments: [
    ("a@b.c d", "unexpected 'd'"),
    (
      "--since soon",
      """
      --since must be a time (2026-11-20T10:00:00Z, 2026-11-20, unix seconds, 3d, 12h), not 'soon'
      """
    ),
    ("--by hour", "--by must be key, endpoint, method, status or day, not 'hour'"),
    ("--limit 3 --all", "--limit and --all exclude each other"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    let mistake = Words.mistake("usage analytics \(words)")
    #expect(mistake == "\(message); see billing usage analytics --help")
  }

  private func shop() async throws -> Shop {
    let shop = try await Shop("coditect", seeds: false)
    for name in ["ada", "bob"] {
      _ = try await shop.json("customer create --email \(name)@example.com")
    }
    return shop
  }

  private func record(_ shop: Shop, _ words: String, by name: String = "ada") async throws {
    _ = try await shop.json("usage record \(name)@example.com ai_requests 1 \(words)")
  }

  /// The rows, compact.
  private func rows(_ shop: Shop, _ words: String) async throws -> [String] {
    let answer = try await shop.json("usage analytics \(words)")
    #expect(answer.object?.keys == ["data", "has_more"])
    return (answer["data"]?.array ?? []).map { $0.compact }
  }

  private func someRequests() async throws -> Shop {
    let shop = try await shop()
    let get = "--endpoint /a --method GET"
    try await record(shop, "\(get) --status-code 200 --response-time-ms 30 --key-id k1 --at 2d")
    try await record(shop, "\(get) --status-code 399 --response-time-ms 10 --key-id k1")
    try await record(shop, "\(get) --status-code 400 --response-time-ms 20 --key-id k2")
    try await record(shop, "--endpoint /b --method POST --status-code 200", by: "bob")
    try await record(shop, "", by: "bob")
    return shop
  }

  @Test(arguments: [
    (
      "--by endpoint",
      [
        #"{"endpoint":"/a","count":3,"errors":1,"error_percent":33.33,"p50_ms":20,"p95_ms":30}"#,
        #"{"endpoint":null,"count":1,"errors":0,"error_percent":null,"p50_ms":null,"p95_ms":null}"#,
        #"{"endpoint":"/b","count":1,"errors":0,"error_percent":0,"p50_ms":null,"p95_ms":null}"#,
      ]
    ),
    (
      "ada@example.com --by key",
      [
        #"{"key_id":"k1","count":2,"errors":0,"error_percent":0,"p50_ms":10,"p95_ms":30}"#,
        #"{"key_id":"k2","count":1,"errors":1,"error_percent":100,"p50_ms":20,"p95_ms":20}"#,
      ]
    ),
    (
      "bob@example.com --by method",
      [
        #"{"method":null,"count":1,"errors":0,"error_percent":null,"p50_ms":null,"p95_ms":null}"#,
        #"{"method":"POST","count":1,"errors":0,"error_percent":0,"p50_ms":null,"p95_ms":null}"#,
      ]
    ),
    (
      "ada@example.com --by status --since 1d",
      [
        #"{"status_code":399,"count":1,"errors":0,"error_percent":0,"p50_ms":10,"p95_ms":10}"#,
        #"{"status_code":400,"count":1,"errors":1,"error_percent":100,"p50_ms":20,"p95_ms":20}"#,
      ]
    ),
    (
      "ada@example.com --by day",
      [
        #"{"day":"2026-11-20","count":2,"errors":1,"error_percent":50,"p50_ms":10,"p95_ms":20}"#,
        #"{"day":"2026-11-18","count":1,"errors":0,"error_percent":0,"p50_ms":30,"p95_ms":30}"#,
      ]
    ),
  ])
  func whatTheyHaveInCommon(_ words: String, _ expected: [String]) async throws {
    #expect(try await rows(someRequests(), words) == expected)
  }

  @Test func aListLikeAnyOther() async throws {
    let shop = try await someRequests()
    let first = try await shop.json("usage analytics --limit 2")
    #expect(first["data"]?.array?.count == 2 && first["has_more"] == true)
    let csv = await shop.run("usage analytics bob@example.com --since 2s --format csv").output
    #expect(csv == "endpoint,count,errors,error_percent,p50_ms,p95_ms\r\n,1,0,,,\r\n")
    let none = await shop.world.run("--sandbox usage analytics --since 2026-11-21")
    #expect(none.exit == .done && none.output == "")
    #expect(none.errors.hasSuffix("no usage is written down since then\n"), "\(none.errors)")
  }

  @Test func ofNobodyThereIsNothing() async throws {
    let shop = try await shop()
    let failure = try await shop.failure("usage analytics eve@example.com")
    #expect(failure.hasPrefix("4 not_found: "), "\(failure)")
    let none = await shop.world.run("--sandbox usage analytics bob@example.com")
    #expect(none.errors.hasSuffix("no usage of bob@example.com is written down\n"))
  }

  /// What is shown here needs neither a key nor a price list.
  @Test func itNeedsNoKeyAndNoPlans() async throws {
    let world = try TestWorld()
    let result = await world.run("usage analytics --json")
    #expect(result.exit == .done && result.errors == "", "\(result.errors)")
    #expect(try JSON(parsing: result.output)["data"] == [])
  }
}
