import Basics
import BillingCore
import Testing

@testable import billing

@Suite(.tags(.unit)) struct WebhookListTests {
  @Test(arguments: [
    ("--status lost", "--status must be pending, processed, ignored or failed, not 'lost';"),
    (
      "--type Invoices",
      "--type must be a type of events, in which * stands for anything, not 'Invoices';"
    ),
    ("--limit 3 --all", "--limit and --all exclude each other;"),
    ("evt_1", "unexpected 'evt_1';"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    let said = Words.mistake("webhook list \(words)")
    #expect(said == "\(message) see billing webhook list --help")
  }

  private func types(_ list: JSON) -> [String] {
    (list["data"]?.array ?? []).map { $0["type"]?.string ?? "-" }
  }

  @Test func theNewestFirstAndNarrowedDown() async throws {
    let shop = try await Shop()
    let (customer, _) = try await shop.subscriber()
    _ = try await shop.subscriber("grace@example.com")
    try shop.receive("evt_1", "balance.available", ["id": "bal_1", "object": "balance"])
    try shop.receive(
      "evt_2", "customer.subscription.updated", shop.brokenSubscription(of: customer))
    let all = try await shop.json("webhook list --all")
    let created = (all["data"]?.array ?? []).map { $0["created"]?.string ?? "-" }
    #expect(created == created.sorted(by: >) && created.count > 10)
    #expect(types(try await shop.json("webhook list --limit 1")).count == 1)
    #expect(try await shop.json("webhook list --limit 1")["has_more"] == true)
    let failed = try await shop.json("webhook list --status failed")
    #expect(failed["data"]?.array?.map { $0["id"] } == ["evt_2"])
    #expect(types(try await shop.json("webhook list --status ignored --type balance.*")).count == 1)
    let subscriptions = try await shop.json(
      "webhook list --customer ada@example.com --type 'customer.subscription.*'")
    #expect(
      types(subscriptions) == [
        "customer.subscription.updated", "customer.subscription.updated",
        "customer.subscription.created",
      ])
    #expect(types(try await shop.json("webhook list --until 1d")) == [])
    #expect(types(try await shop.json("webhook list --since now")) == [])
  }

  @Test func oneByItsID() async throws {
    let shop = try await Shop(seeds: false)
    try shop.receive("evt_1", "balance.available", ["id": "bal_1", "object": "balance"])
    #expect(types(try await shop.json("webhook list --id evt_1 --id evt_2")).count == 1)
  }

  /// Its own events, though the mirror has not heard of the customer itself.
  @Test func theEventsOfACustomerThatNobodyKnows() async throws {
    let shop = try await Shop(seeds: false)
    try shop.receive("evt_1", "customer.subscription.updated", shop.brokenSubscription(of: "cus_9"))
    let list = try await shop.json("webhook list --customer cus_9")
    #expect(list["data"]?.array?.map { $0["id"] } == ["evt_1"])
    #expect(
      try await shop.failure("webhook list --customer cus_8")
        .hasPrefix("4 not_found: no customer cus_8;"))
  }

  @Test func itNeedsNoKey() async throws {
    let world = try TestWorld()
    let result = await world.run("webhook list")
    #expect(result.exit == .done && result.errors == "note: no such events in the inbox\n")
  }
}
