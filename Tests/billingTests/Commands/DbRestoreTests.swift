import Basics
import BillingCore
import Foundation
import Testing

@testable import billing

@Suite(.tags(.unit)) struct DbRestoreTests {
  private static let kept = "billing.sandbox.db.before-restore-20261120T1000"

  /// A shop whose backup knows Ada, and whose database knows Bob, too.
  private func shop() async throws -> Shop {
    let shop = try await Shop()
    _ = try await shop.json("customer create --email ada@example.com")
    _ = try await shop.json("db backup copy.db")
    _ = try await shop.json("customer create --email bob@example.com")
    return shop
  }

  private func emails(in file: String, of shop: Shop) throws -> [String] {
    let store = try Store.openReadOnly(
      at: shop.world.directory + "/" + file, now: { TestWorld.start })
    return try store.read { try $0.customers(limit: nil) }.compactMap { $0.email }.sorted()
  }

  @Test func theBackupIsPutInPlaceAndTheOldOneKept() async throws {
    let shop = try await shop()
    let result = try await shop.json("db restore copy.db --yes")
    #expect(
      result.object?.keys == [
        "database", "restored_from", "kept_as", "schema", "mode", "account",
      ])
    let kept = try #require(result["kept_as"]?.string)
    #expect(kept.hasPrefix(Self.kept))
    #expect(try emails(in: "billing.sandbox.db", of: shop) == ["ada@example.com"])
    #expect(try emails(in: kept, of: shop) == ["ada@example.com", "bob@example.com"])
    #expect(try emails(in: "copy.db", of: shop) == ["ada@example.com"])
    // What the sandbox has told since is taken in again.
    #expect(try await shop.json("customer show bob@example.com --local")["id"] != nil)
    #expect(await shop.run("db check").exit == .done)
    // And back again.
    #expect(await shop.run("db restore \(kept) --yes").exit == .done)
  }

  @Test func itNeedsAYes() async throws {
    let shop = try await shop()
    #expect(
      try await shop.failure("db restore copy.db")
        == "2 confirmation_required: not confirmed: replace billing.sandbox.db by copy.db; "
        + "run it again with --yes")
    let plan = try await shop.json("db restore copy.db --dry-run")
    #expect(plan["changes"]?.array?.first?["action"] == "replace")
    #expect(
      try emails(in: "billing.sandbox.db", of: shop) == ["ada@example.com", "bob@example.com"])
  }

  @Test func whatIsNoBackupOfOurs() async throws {
    let shop = try await shop()
    let before = shop.world.directory + "/copy.db"
    let bytes = try #require(FileManager.default.contents(atPath: before))
    func refusal(_ change: (inout Data) -> Void) async throws -> String {
      var other = bytes
      change(&other)
      try other.write(to: URL(filePath: shop.world.directory + "/other.db"))
      return try await shop.failure("db restore other.db --yes")
    }
    #expect(
      try await refusal { $0.replaceSubrange(68..<72, with: [1, 2, 3, 4]) }
        == "8 invalid_database: other.db is another program's database; "
        + "it was not touched; name a file of db backup")
    #expect(
      try await refusal { $0.replaceSubrange(60..<64, with: [0, 0, 3, 231]) }
        .hasPrefix("8 database_version: other.db has schema 999"))
    #expect(
      try await refusal { data in for index in 9000..<data.count { data[index] = 0x5A } }
        .contains("damaged"))
    #expect(
      try await shop.failure("db restore gone.db --yes")
        == "4 not_found: gone.db: no such file; name a file of db backup")
    #expect(
      try emails(in: "billing.sandbox.db", of: shop) == ["ada@example.com", "bob@example.com"])
  }

  @Test func anotherModeOrAccountMustBeSaid() async throws {
    let shop = try await shop()
    let other = try await Shop()
    _ = try await other.json("customer create --email eve@example.com")
    let store = try Store.open(
      at: other.world.directory + "/billing.sandbox.db", now: { TestWorld.start })
    try store.write { try $0.set(.account, to: "acct_other") }
    try store.writeCopy(to: shop.world.directory + "/eve.db")
    let failure = try await shop.failure("db restore eve.db --yes")
    #expect(failure.hasPrefix("8 wrong_mode: eve.db belongs to the account acct_other"))
    try store.write { try $0.set(.mode, to: "live") }
    try FileManager.default.removeItem(atPath: shop.world.directory + "/eve.db")
    try store.writeCopy(to: shop.world.directory + "/eve.db")
    #expect(
      try await shop.failure("db restore eve.db --yes")
        == "8 wrong_mode: eve.db belongs to live mode, and this run is in sandbox mode; "
        + "name another --db; with --other it is put there even so")
    #expect(await shop.run("db restore eve.db --yes --other").exit == .done)
    #expect(try emails(in: "billing.sandbox.db", of: shop).count <= 1)
  }

  /// Where there is nothing, and where what is there is lost.
  @Test func anEmptyOrMissingDatabaseIsNoReasonToRefuse() async throws {
    let shop = try await shop()
    try shop.world.remove("billing.sandbox.db")
    for suffix in ["-wal", "-shm"] { try? shop.world.remove("billing.sandbox.db" + suffix) }
    #expect(try await shop.json("db restore copy.db --yes")["kept_as"] == .null)
    try shop.world.write("", to: "billing.sandbox.db")
    #expect(try await shop.json("db restore copy.db --yes")["kept_as"]?.string != nil)
    #expect(try emails(in: "billing.sandbox.db", of: shop) == ["ada@example.com"])
  }

  @Test func whatSomebodyHasOpenStays() async throws {
    let shop = try await shop()
    let open = try Store.open(
      at: shop.world.directory + "/billing.sandbox.db", now: { TestWorld.start })
    #expect(
      try await shop.failure("db restore copy.db --yes")
        == "5 invalid_state: another process has billing.sandbox.db open; nothing was changed; "
        + "stop it (billing webhook listen, an import), then run this again")
    try open.write { try $0.setCursor("still", to: "there") }
    #expect(try open.pageFaults() == [])
  }

  /// A live database is replaced with `--live` and a yes alone.
  @Test func liveIsLive() async throws {
    let shop = try await shop()
    let result = await shop.world.run(
      "db restore copy.db --yes --db billing.sandbox.db --json",
      environment: ["STRIPE_SECRET_KEY": "sk_live_abcdefghijkl"])
    #expect(
      try Shop.words(of: result)
        == "8 wrong_mode: copy.db belongs to sandbox mode, and this run is in live mode; "
        + "name another --db; with --other it is put there even so")
    let unmarked = await shop.world.run(
      "db restore copy.db --yes --other --db billing.sandbox.db --json",
      environment: ["STRIPE_SECRET_KEY": "sk_live_abcdefghijkl"])
    #expect(try Shop.words(of: unmarked).hasPrefix("2 live_required: "))
  }
}
