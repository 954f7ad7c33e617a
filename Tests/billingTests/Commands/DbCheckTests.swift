import Basics
import Foundation
import Testing

@testable import BillingCore
@testable import billing

@Suite(.tags(.unit)) struct DbCheckTests {
  private func findings(_ shop: Shop) async throws -> [String] {
    let result = await shop.run("db check --json")
    return try (JSON(parsing: result.output)["data"]?.array ?? []).map { row in
      "\(row["check"]?.string ?? "-") \(row["status"]?.string ?? "-"): "
        + (row["message"]?.string ?? "-")
    }
  }

  /// A few months of a shop in which nearly everything happens once: whatever the commands wrote
  /// agrees with what it was made from.
  @Test func aShopThatLived() async throws {
    let shop = try await Shop("coditect")
    for line in [
      "subscribe ada@example.com starter --create --payment-method pm_card_visa --coupon launch",
      "subscribe bob@example.com professional --create --payment-method pm_card_visa",
      "customer create --email eve@example.com", "upgrade ada@example.com professional",
      "tokens grant ada@example.com 500 --reference gift",
      "tokens consume ada@example.com 20 --reference run",
      "usage record ada@example.com ai_requests 1200", "usage record bob@example.com storage_mb 7",
      "cancel bob@example.com", "customer delete eve@example.com --yes",
      "sandbox advance '1 month'", "usage record ada@example.com ai_requests 3",
      "sandbox advance '2 months'", "pause ada@example.com", "customer list",
      "subscription list", "invoice list",
    ] {
      let result = await shop.run(line)
      #expect(result.exit == .done, "\(line): \(result.errors)")
    }
    let found = try await findings(shop)
    #expect(found.count == 4 && found[0] == "database ok: billing.sandbox.db is whole")
    #expect(found[1] == "ledger ok: 480 tokens, and all of them add up")
    #expect(found[2] == "usage ok: 3 events, and the totals are what they come to")
    #expect(found[3].hasPrefix("mirror ok: "), "\(found[3])")
  }

  /// What is told to help does help.
  @Test func aFullSyncMakesTheColumnsAnew() async throws {
    let shop = try await Shop()
    _ = try await shop.json("customer create --email ada@example.com --name Ada")
    try edit(shop) { transaction in
      var row = try #require(try transaction.customers(limit: 1).first)
      (row.name, row.balance) = ("Eve", -100)
      try transaction.putCustomer(row)
    }
    let result = await shop.run("db check --json")
    #expect(result.exit == .partial)
    let found = try JSON(parsing: result.output)[at: "data", "3"]
    #expect(found?["check"] == "mirror" && found?["status"] == "fault")
    #expect(found?["hint"] == "billing sync --full reads everything anew")
    #expect(await shop.run("sync --full").exit == .done)
    #expect(await shop.run("db check").exit == .done)
  }

  @Test func sumsThatDoNotAddUp() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json("customer create --email ada@example.com")
    _ = try await shop.json("usage record ada@example.com ai_requests 3")
    _ = try await shop.json("tokens grant ada@example.com 5 --reference gift")
    try edit(shop) { transaction in
      var tally = UsageTally()
      tally.add(
        UsageTally.Run(
          UsageTotal(charged: 1, at: TestWorld.start), periodStart: TestWorld.start.monthStart),
        series: 1)
      try transaction.add(tally)
    }
    let result = await shop.run("db check --json")
    #expect(result.exit == .partial)
    #expect(result.errors.contains(#""code":"drift","message":"usage: "#))
    let usage = try JSON(parsing: result.output)[at: "data", "2"]
    #expect(usage?["message"]?.string?.contains("(day) is 4, not 3") == true)
  }

  /// Writes what no command would.
  private func edit(_ shop: Shop, _ body: (Transaction) throws -> Void) throws {
    let store = try Store.open(
      at: shop.world.directory + "/billing.sandbox.db", now: { TestWorld.start })
    try store.write { try body($0) }
  }

  @Test func noDatabase() async throws {
    let shop = try await Shop(seeds: false)
    #expect(
      try await shop.failure("db check")
        == "8 invalid_database: there is no billing.sandbox.db; check --db and BILLING_DB")
  }

  @Test func aDamagedFileIsAFaultOfTheConfiguration() async throws {
    let shop = try await Shop()
    let path = shop.world.directory + "/billing.sandbox.db"
    let copy = shop.world.directory + "/whole.db"
    try Store.openReadOnly(at: path, now: { TestWorld.start }).writeCopy(to: copy)
    var bytes = try #require(FileManager.default.contents(atPath: copy))
    for index in bytes.count * 3 / 4..<bytes.count { bytes[index] = 0x5A }
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    try bytes.write(to: URL(filePath: path))
    let result = await shop.run("db check --json")
    #expect(result.exit == .configuration)
    #expect(result.errors.contains(#""code":"invalid_database""#), "\(result.errors)")
  }
}
