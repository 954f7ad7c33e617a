import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct NotifyListTests {
  private func shop() async throws -> Shop {
    let shop = try await Shop("coditect")
    _ = try await shop.json(
      "subscribe ada@example.com starter --create --payment-method pm_card_visa")
    _ = try await shop.json(
      "subscribe bob@example.com starter --create --payment-method pm_card_visa")
    return shop
  }

  private func flush(_ shop: Shop) async -> ExitCode {
    await shop.world.run(
      "--sandbox --quiet notify flush", environment: ["SMTP_URL": "smtp://127.0.0.1:1025"]
    ).exit
  }

  private func rows(_ shop: Shop, _ options: String = "") async throws -> [String] {
    (try await shop.json("notify list \(options)")["data"]?.array ?? []).map { row in
      ["kind", "address", "status", "attempts"].map { Cell(row[$0]).text }.joined(separator: " ")
    }
  }

  @Test func whatWaitsIsShownAsItWillBeSent() async throws {
    let shop = try await shop()
    #expect(
      try await rows(shop) == [
        "subscription_started bob@example.com waiting 0",
        "subscription_started ada@example.com waiting 0",
      ])
    let row = try await shop.json("notify list")["data"]?[0]
    #expect(
      row?.object?.keys == [
        "id", "kind", "customer", "recipient", "channel", "address", "status", "attempts",
        "next_attempt_at", "error", "created", "sent_at",
      ])
    #expect(await flush(shop) == .done)
    #expect(
      try await rows(shop) == [
        "subscription_started bob@example.com sent 1",
        "subscription_started ada@example.com sent 1",
      ])
  }

  @Test func itIsNarrowedDown() async throws {
    let shop = try await shop()
    shop.world.mailbox.answer(["bob@example.com": .refused(550, "550 no")])
    #expect(await flush(shop) == .partial)
    #expect(
      try await rows(shop, "--status dead") == ["subscription_started bob@example.com dead 1"])
    #expect(
      try await rows(shop, "--customer ada@example.com")
        == ["subscription_started ada@example.com sent 1"])
    #expect(try await rows(shop, "--status waiting") == [])
    #expect(try await shop.json("notify list --limit 1")["has_more"] == true)
  }

  @Test func aCustomerNobodyKnows() async throws {
    #expect(
      try await Shop("coditect").failure("notify list --customer nobody@example.com")
        == "4 not_found: no customer nobody@example.com; "
        + "billing customer list shows those there are; billing customer create makes one")
  }
}
