import Basics
import Testing

@testable import billing

/// A price list that is missing or broken must not keep anyone from being shown or from cancelling.
@Suite(.tags(.integration)) struct WithoutCatalogueIntegrationTests {
  let shop: Shop

  init() async throws {
    shop = try await Shop()
    _ = try await shop.json("customer create --email ada@example.com")
    _ = try await shop.json("subscribe ada@example.com team --payment-method pm_card_visa")
  }

  @Test func whatNeedsNoneWorks() async throws {
    #expect(await shop.run("customer show ada@example.com").exit == .done)
    try shop.world.remove("plans.yaml")
    let customer = try await shop.json("customer show ada@example.com")
    #expect(customer["plan"] == "team")
    let other = try await shop.json("customer create --email grace@example.com --external-id g-1")
    #expect(other["external_id"] == "g-1")
    #expect(other["plan"] == .null)
    let list = try await shop.json("subscription list")
    #expect(list["data"]?[0]?["plan"] == "team")
    let canceled = try await shop.json("cancel ada@example.com")
    #expect(canceled["cancel_at_period_end"] == true)
  }

  @Test func whatNeedsOneSaysSo() async throws {
    try shop.world.remove("plans.yaml")
    #expect(
      try await shop.failure("subscribe ada@example.com team")
        == """
        8 invalid_plans: there is no plan catalogue at plans.yaml; billing init writes one; \
        --plans names another
        """)
    #expect(
      try await shop.failure("customer list --plan team").hasPrefix("8 invalid_plans: "))
    #expect(
      try await shop.failure("customer show ada@example.com --plans none.yaml")
        .hasPrefix("8 invalid_plans: "))
  }

  @Test func mistakesAreSaidAndDoNotStopACancellation() async throws {
    try shop.world.write("version: 1\nplan: []\n", to: "plans.yaml")
    let result = await shop.run("cancel ada@example.com")
    #expect(result.exit == .done)
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(result.errors.hasPrefix("warning: the plan catalogue has "))
    #expect(result.errors.hasSuffix("so plans go without their names\n"))
    #expect(
      try await shop.failure("customer create --email x@example.com")
        .hasPrefix("8 invalid_plans: "))
  }
}

@Suite(.tags(.integration)) struct TakenBackIntegrationTests {
  @Test func aDeclinedSubscribeTakesItsNewCustomerBack() async throws {
    let shop = try await Shop()
    #expect(
      try await shop.failure(
        "subscribe new@example.com team --create --payment-method pm_card_chargeCustomerFail"
      ).hasPrefix("6 card_declined: "))
    #expect(
      try await shop.failure("customer show new@example.com").hasPrefix("4 not_found: "))
    #expect(
      try await shop.failure(
        "subscribe new@example.com team --create --payment-method pm_card_visa_chargeDeclined"
      ).hasPrefix("6 card_declined: "))
    let subscription = try await shop.json(
      "subscribe new@example.com team --create --payment-method pm_card_visa")
    #expect(subscription["status"] == "active")
  }

  @Test func theHistoryOfADeletedCustomerStays() async throws {
    let shop = try await Shop()
    let customer = try await shop.json("customer create --email ada@example.com")
    let id = try #require(customer["id"]?.string)
    _ = try await shop.json("subscribe \(id) team --payment-method pm_card_visa")
    _ = try await shop.json("customer delete \(id) --yes")
    let history = try await shop.json("subscription history \(id)")
    #expect(
      history["data"]?.array?.compactMap { $0["to"]?.string } == ["team", "active", "canceled"])
  }

  @Test func listAndShowAgreeOnWhatEnded() async throws {
    let shop = try await Shop()
    _ = try await shop.json("customer create --email ada@example.com")
    _ = try await shop.json("subscribe ada@example.com team --payment-method pm_card_visa")
    _ = try await shop.json("cancel ada@example.com --now --yes")
    let shown = try await shop.json("customer show ada@example.com")
    let listed = try await shop.json("customer list --status canceled")
    #expect(shown["status"] == "canceled")
    #expect(listed["data"] == [shown])
  }

  @Test func pricesHaveTheirIDsOnceSeeded() async throws {
    let shop = try await Shop()
    let plan = try await shop.json("plans show team")
    #expect(plan["prices"]?[0]?["price"]?.string?.hasPrefix("price_") == true)
    let fresh = try await Shop(seeds: false)
    #expect(try await fresh.json("plans show team")["prices"]?[0]?["price"] == .null)
    #expect(!fresh.world.exists("billing.sandbox.db"))
  }
}

@Suite(.tags(.integration)) struct OwnMetadataIntegrationTests {
  @Test func keysThatBillingLivesByAreNotWritten() async throws {
    let shop = try await Shop()
    #expect(
      try await shop.failure(
        "customer create --email a@example.com --metadata billing_external_id=c1")
        == "2 usage: --metadata billing_external_id is where your own id is kept; use --external-id"
    )
    _ = try await shop.json("customer create --email a@example.com --external-id c1")
    #expect(
      try await shop.failure("customer update c1 --metadata billing_operation=")
        == "2 usage: --metadata billing_operation is kept by billing itself")
  }

  @Test func anIDBelongsToOneCustomer() async throws {
    let shop = try await Shop()
    let first = try await shop.json("customer create --email a@example.com --external-id c1")
    _ = try await shop.json("customer create --email b@example.com --external-id c2")
    let id = try #require(first["id"]?.string)
    #expect(
      try await shop.failure("customer update c2 --external-id c1")
        == """
        5 already_exists: c1 is the id of another customer: \(id); \
        billing customer show \(id) tells who that is
        """)
  }
}

@Suite(.tags(.integration)) struct OtherSandboxIntegrationTests {
  @Test func aDatabaseBelongsToOneSandbox() async throws {
    let shop = try await Shop()
    #expect(
      try await shop.failure("customer list --sandbox-db other.db").hasPrefix("8 wrong_mode: "))
    #expect(await shop.run("customer list --sandbox-db other.db --db other.state.db").exit == .done)
    #expect(await shop.run("customer list").exit == .done)
  }
}
