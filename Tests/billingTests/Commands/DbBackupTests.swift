import Basics
import BillingCore
import Foundation
import Testing

@testable import billing

@Suite(.tags(.unit)) struct DbBackupTests {
  @Test func aBackupIsWholeAndTold() async throws {
    let shop = try await Shop()
    _ = try await shop.json("customer create --email ada@example.com")
    let backup = try await shop.json("db backup copy.db")
    #expect(
      backup.object?.keys == [
        "file", "size_bytes", "sha256", "schema", "mode", "account", "created",
      ])
    #expect(backup["file"] == "copy.db" && backup["mode"] == "sandbox")
    let path = shop.world.directory + "/copy.db"
    let bytes = try #require(FileManager.default.contents(atPath: path))
    #expect(backup["size_bytes"]?.integer == Int64(bytes.count))
    #expect(backup["sha256"]?.string == Hex.encode(Hash.sha256(Array(bytes))))
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    let copy = try Store.openReadOnly(at: path, now: { TestWorld.start })
    #expect(try copy.read { try $0.customers(email: "ada@example.com") }.count == 1)
    let left = try FileManager.default.contentsOfDirectory(atPath: shop.world.directory)
    #expect(!left.contains { $0.contains(".part") })
  }

  @Test func refusals() async throws {
    let shop = try await Shop(seeds: false)
    #expect(
      try await shop.failure("db backup copy.db")
        == "8 invalid_database: there is no billing.sandbox.db; check --db and BILLING_DB")
    _ = await shop.run("init")
    try shop.world.write("mine", to: "copy.db")
    #expect(
      try await shop.failure("db backup copy.db")
        == "5 already_exists: copy.db is there already, and a backup is never replaced; "
        + "name another file")
    #expect(try shop.world.text(of: "copy.db") == "mine")
    #expect(
      try await shop.failure("db backup nowhere/copy.db")
        == "4 not_found: nowhere/copy.db cannot be written: no such folder; make the folder first")
    #expect(
      Words.mistake("db backup -") == "FILE is a file, and - is none; see billing db backup --help")
  }

  @Test func aDryRunMakesNothing() async throws {
    let shop = try await Shop()
    let plan = try await shop.json("db backup copy.db --dry-run")
    #expect(plan["changes"] == [["action": "create", "file": "copy.db"]])
    #expect(!shop.world.exists("copy.db"))
    let result = await shop.run("doctor --go-live")
    #expect(result.output.contains("the database was never backed up"))
  }

  @Test func aDamagedDatabaseMakesNoBackup() async throws {
    let shop = try await Shop()
    let path = shop.world.directory + "/billing.sandbox.db"
    var bytes = try #require(FileManager.default.contents(atPath: path))
    for index in bytes.count / 2..<bytes.count { bytes[index] = 0x5A }
    try bytes.write(to: URL(filePath: path))
    #expect(try await shop.failure("db backup copy.db").contains("is damaged"))
    #expect(!shop.world.exists("copy.db"))
  }
}
