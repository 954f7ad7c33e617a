import Basics
import BillingCore
import Synchronization
import Testing

@testable import billing

@Suite(.tags(.unit)) struct WebhookRetryTests {
  @Test(arguments: [
    ("''", "EVT is empty;"), ("evt_1 evt_2", "unexpected 'evt_2';"),
    (
      "--idempotency-key k",
      "--idempotency-key cannot stand for a batch; each line has its own key;"
    ),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    let said = Words.mistake("webhook retry \(words)")
    #expect(said == "\(message) see billing webhook retry --help")
  }

  /// Two events that failed, the later one first in the inbox.
  private func shop() async throws -> Shop {
    let shop = try await Shop(seeds: false)
    let now = shop.world.clock.withLock { $0 }
    for (id, moment) in [("evt_2", now), ("evt_1", now - 60)] {
      try shop.receive(
        id, "customer.subscription.updated", shop.brokenSubscription(of: "cus_1", id: "sub_\(id)"),
        at: moment)
    }
    return shop
  }

  @Test func allThatFailedRunInTheirOrder() async throws {
    let shop = try await shop()
    let result = await shop.run("webhook retry --json")
    #expect(result.exit == .partial)
    #expect(
      try Shop.words(of: result)
        == "10 partial: 2 of 2 events failed again; billing webhook show EVT tells why")
    let rows = try JSON(parsing: result.output)["data"]?.array ?? []
    #expect(rows.map { $0["id"] } == ["evt_1", "evt_2"])
    #expect(rows.allSatisfy { $0["attempts"] == 2 && $0.object?.keys == ContractTests.event })
    let csv = await shop.run("webhook retry --format csv").output
    #expect(csv.hasPrefix(ContractTests.event.joined(separator: ",")))
  }

  /// Given up by itself, it runs when it is asked for.
  @Test func oneThatWasGivenUp() async throws {
    let shop = try await shop()
    for _ in 1...6 { _ = await shop.run("webhook retry evt_1") }
    #expect(try await shop.json("webhook show evt_1")["next_attempt_at"] == .null)
    let result = await shop.run("webhook retry evt_1 --json")
    #expect(result.exit == .partial)
    #expect(try JSON(parsing: result.output)["attempts"] == 8)
    #expect(
      try Shop.words(of: result)
        == "10 partial: evt_1 failed: subscription sub_evt_1: status is not a text")
  }

  @Test func aDryRunTellsWhatTheyWouldChange() async throws {
    let shop = try await shop()
    let plan = try await shop.json("webhook retry --dry-run")
    #expect(plan.object?.keys == ContractTests.dryRun)
    let rows = plan["changes"]?.array ?? []
    #expect(rows.map { $0["event"] } == ["evt_1", "evt_2"])
    #expect(rows.allSatisfy { $0["status"] == "failed" && $0["object"] == "unchanged" })
    #expect(try await shop.json("webhook show evt_1")["attempts"] == 1)
  }

  @Test func whatHasItsEffectIsNotRunAgain() async throws {
    let shop = try await shop()
    try shop.receive("evt_3", "balance.available", ["id": "bal_1", "object": "balance"])
    #expect(
      try await shop.failure("webhook retry evt_3")
        == "5 invalid_state: evt_3 is ignored: nothing here has to do with it; "
        + "billing webhook show evt_3 shows what it says")
    _ = try await shop.json("customer create --email ada@example.com")
    let list = try await shop.json("webhook list --type customer.created")
    let id = list["data"]?.array?.first?["id"]?.string ?? "-"
    #expect(
      try await shop.failure("webhook retry \(id)")
        == "5 invalid_state: \(id) is processed already; "
        + "billing webhook replay --id \(id) --force applies it again")
    #expect(try await shop.failure("webhook retry evt_9").hasPrefix("4 not_found: no event evt_9"))
  }

  @Test func nothingFailed() async throws {
    let shop = try await Shop(seeds: false)
    #expect(try await shop.json("webhook retry") == ["data": [], "has_more": false])
  }
}
