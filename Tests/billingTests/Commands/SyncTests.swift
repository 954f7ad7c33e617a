import Basics
import BillingCore
import Stripe
import Synchronization
import Testing

@testable import billing

@Suite(.tags(.unit)) struct SyncTests {
  private static let subscribed =
    "subscribe ada@example.com team --create --payment-method pm_card_visa --trial-days 0"

  @Test(arguments: [
    ("--full --since 3d", "--since is for events; --full and --check read everything"),
    ("--check --since 3d", "--since is for events; --full and --check read everything"),
    ("--since soon", nil),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String?) throws {
    let mistake = try #require(Words.mistake("sync \(words)"))
    if let message { #expect(mistake == "\(message); see billing sync --help") }
  }

  @Test func theMirrorIsNotAskedAboutItself() async throws {
    let deaf = try await DeafShop()
    #expect(
      try await deaf.json("sync --local").error
        == "2 usage: --local reads the mirror, and sync reads Stripe")
  }

  @Test func theFirstSyncReadsEverything() async throws {
    let deaf = try await DeafShop(Self.subscribed)
    let result = await deaf.run("sync --json", isQuiet: false)
    let json = try JSON(parsing: result.output)
    #expect(
      json.object?.keys == [
        "mode", "since", "events", "new_events", "objects", "changed", "deleted", "failed",
        "complete", "continues_at",
      ])
    #expect(json["mode"] == "full" && json["complete"] == true && json["continues_at"] == .null)
    #expect(json["objects"]?.integer ?? 0 > 10)
    #expect(result.errors == "note: this is the first sync: reading everything\n")
    #expect(try await deaf.drift() == [])
  }

  @Test func theNextOneTakesTheEventsSince() async throws {
    let deaf = try await DeafShop(Self.subscribed)
    _ = try await deaf.json("sync")
    let none = try await deaf.json("sync").json
    #expect(none["mode"] == "events" && none["new_events"] == 0)
    deaf.shop.world.tick()
    let ada = try await deaf.ids("customers")[0]
    try await deaf.call(.post, "customers", ada, parameters: ["name": "Ada King"])
    #expect(try await deaf.drift() == ["\(ada) name: null | \"Ada King\""])
    let one = try await deaf.json("sync").json
    #expect(one["new_events"] == 1 && one["objects"] == 0 && one["failed"] == 0)
    #expect(try await deaf.drift() == [])
    let told = try await deaf.json("customer show ada@example.com --local").json
    #expect(told["name"] == "Ada King")
  }

  @Test func whatIsOlderThanStripeListsNeedsEverything() async throws {
    let deaf = try await DeafShop(Self.subscribed)
    _ = try await deaf.json("sync")
    _ = try await deaf.shop.json("sandbox advance '2 months'")
    deaf.shop.world.tick(61 * 86_400)
    let result = await deaf.run("sync --json", isQuiet: false)
    #expect(try JSON(parsing: result.output)["mode"] == "full")
    #expect(result.errors.hasPrefix("note: the last sync was 2026-11-20T"))
    #expect(try await deaf.drift() == [])
    let since = await deaf.run("sync --since 40d", isQuiet: false)
    #expect(
      since.errors
        == "note: Stripe lists the events of the last 30 days; reading everything instead\n")
  }

  @Test func aCheckAndADryRunChangeNothing() async throws {
    let deaf = try await DeafShop(Self.subscribed)
    let check = try await deaf.json("sync --check")
    let objects = Set((check.json["data"]?.array ?? []).compactMap { $0["object"]?.string })
    #expect(
      check.error
        == "10 drift: the mirror has drifted: \(objects.count) objects differ; billing sync takes "
        + "in what events tell, billing sync --full everything")
    let row = check.json["data"]?[0]
    #expect(row?.object?.keys == ["object", "type", "field", "here", "there"])
    #expect(row?["field"] == .null && row?["here"] == .null && row?["there"] == "present")
    let dry = try await deaf.json("sync --dry-run")
    #expect(dry.error == nil && dry.json["changes"] == check.json["data"])
    #expect(dry.json.object?.keys == ContractTests.dryRun)
    #expect(try deaf.store(isDeaf: true).read { try $0.objectCounts().isEmpty })
  }

  @Test func whatTheCatalogueDecidesIsMadeAnew() async throws {
    let deaf = try await DeafShop(
      "customer create --email ada@example.com --external-id 7 --metadata crm_id=42")
    _ = try await deaf.json("sync")
    let plans = try deaf.shop.world.text(of: "plans.yaml")
    try deaf.shop.world.write(
      plans.replacing("key_prefix: aac ", with: "external_id_metadata: [crm_id] "),
      to: "plans.yaml")
    let ada = try await deaf.ids("customers")[0]
    #expect(try await deaf.drift() == ["\(ada) external_id: \"7\" | \"42\""])
    #expect(try await deaf.json("sync --full").json["changed"] == 1)
    #expect(try await deaf.drift() == [])
  }

  @Test func whatLivesOnATestClockIsReadToo() async throws {
    let deaf = try await DeafShop()
    let clock = try await deaf.call(
      .post, "test_helpers", "test_clocks",
      parameters: ["frozen_time": .integer(TestWorld.start.seconds)])
    let made = try await deaf.call(
      .post, "customers",
      parameters: [
        "email": "ada@example.com", "test_clock": clock["id"] ?? .null,
        "payment_method": "pm_card_visa",
        "invoice_settings": ["default_payment_method": "pm_card_visa"],
      ])
    let ada = try #require(made["id"]?.string)
    let prices = try await deaf.ids("prices", parameters: ["lookup_keys": ["agnostic_team_month"]])
    try await deaf.call(
      .post, "subscriptions",
      parameters: ["customer": .string(ada), "items": [["price": .string(prices[0])]]])
    #expect(try await deaf.json("sync").error == nil)
    #expect(try await deaf.drift() == [])
    let store = try deaf.store(isDeaf: true)
    #expect(
      try store.read { try $0.subscriptions(ofCustomer: ada).map { $0.status } } == ["active"])
    #expect(try store.read { try $0.invoiceIDs(customer: ada, limit: nil).count } == 1)

    try await deaf.call(.delete, "test_helpers", "test_clocks", clock["id"]?.string ?? "-")
    #expect(try await deaf.json("sync --full").error == nil)
    #expect(try store.read { try $0.customer(ada)?.isDeleted } == true)
    #expect(
      try store.read { try $0.subscriptions(ofCustomer: ada).map { $0.status } } == ["canceled"])
  }

  // MARK: What goes wrong

  @Test func aRateLimitCutsItShortAndItGoesOnWhereItWas() async throws {
    let deaf = try await DeafShop()
    for number in 0..<130 {
      try await deaf.call(
        .post, "customers", parameters: ["email": .string("u\(number)@example.com")])
    }
    let ids = try await deaf.ids("customers")
    let limited = WatchedTransport(deaf.transport) {
      $0.contains("/v1/customers?") && $0.contains("starting_after")
    }
    let cut = try await deaf.json("sync --full --max-retries 0", through: limited)
    let place = "customers 1/4 after \(ids[99])"
    #expect(cut.json["complete"] == false)
    #expect(cut.json["continues_at"]?.string?.contains(place) == true)
    let error = try #require(cut.error)
    #expect(error.hasPrefix("7 rate_limit: the sync was cut short: Stripe asks to wait: "))
    #expect(error.contains("what was read is kept; billing sync --full goes on with "))

    let watched = WatchedTransport(deaf.transport) { _ in false }
    let rest = try await deaf.json("sync --full", through: watched)
    #expect(rest.error == nil && rest.json["complete"] == true)
    let lists = watched.urls.filter {
      $0.contains("/v1/customers?") && $0.contains("created[gte]") && !$0.contains("created[lt]")
    }
    #expect(lists.count == 1 && lists[0].contains("starting_after=\(ids[99])"))
    #expect(try await deaf.drift() == [])
  }

  @Test func anErrorInTheMiddleOfTheEventsIsNoSuccess() async throws {
    let deaf = try await DeafShop(Self.subscribed)
    _ = try await deaf.json("sync")
    let broken = WatchedTransport(deaf.transport) { $0.contains("/v1/events?") }
    let cut = try await deaf.json("sync --max-retries 0", through: broken)
    #expect(cut.json["complete"] == false)
    #expect(cut.json["continues_at"]?.string?.hasPrefix("the events since 2026-11-20T") == true)
    #expect(cut.error?.hasPrefix("7 rate_limit: the sync was cut short: ") == true)
    #expect(try await deaf.json("sync").error == nil)
  }

  @Test func whatTheKeyMayNotReadIsToldAndTheRestIsRead() async throws {
    let deaf = try await DeafShop(Self.subscribed)
    let closed = WatchedTransport(deaf.transport, status: 403) { $0.contains("/v1/coupons?") }
    let result = await deaf.run("sync --json", through: closed)
    #expect(result.exit == .partial)
    #expect(
      result.errors.contains("warning: coupons: ")
        && result.errors.contains("one list could not be read"))
    #expect(try await deaf.drift() == [])
  }
}

/// A sandbox that refuses some requests, and of which it is kept what was asked.
final class WatchedTransport: Transport {
  private let transport: SandboxTransport
  private let status: Int
  private let refuses: @Sendable (String) -> Bool
  private let seen = Mutex<[String]>([])

  init(
    _ transport: SandboxTransport, status: Int = 429, refuses: @escaping @Sendable (String) -> Bool
  ) {
    self.transport = transport
    self.status = status
    self.refuses = refuses
  }

  /// Decoded, as far as brackets go.
  var urls: [String] { seen.withLock { $0 } }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    let url = request.url.replacing("%5B", with: "[").replacing("%5D", with: "]")
    seen.withLock { $0.append(url) }
    guard refuses(url) else { return try await transport.send(request) }
    let type = status == 429 ? "rate_limit_error" : "invalid_request_error"
    let body = #"{"error":{"type":"\#(type)","message":"Not now."}}"#
    return HTTPResponse(
      status: status, headers: ["Content-Type": "application/json"], body: Array(body.utf8))
  }
}
