import Basics
import Foundation
import GRDB
import Testing

@testable import BillingCore

@Suite(.tags(.integration)) struct StoreOpeningIntegrationTests {
  let folder: TemporaryFolder
  var path: String { folder.file("billing.db") }

  init() throws { folder = try TemporaryFolder() }

  func open() throws -> Store { try Store.open(at: path, now: { noon }) }

  @Test func aNewFileIsPrivateAndDurable() throws {
    let store = try open()
    #expect(try store.pragma("synchronous") == "2")
    #expect(try store.pragma("journal_mode") == "wal")
    #expect(try store.pragma("foreign_keys") == "1")
    try store.write { try $0.set(.mode, to: "test") }
    for name in folder.files {
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.file(name))
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
    }
    #expect(!folder.files.contains { $0.contains(".tmp") })
  }

  @Test func itIsOpenedAgainWithWhatItHad() throws {
    try open().write { try $0.set(.account, to: "acct_1") }
    #expect(try open().read { try $0.setting(.account) } == "acct_1")
  }

  @Test func manyFirstCommandsAtOnceShareOneFile() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<6 {
        group.addTask {
          try Store.open(at: path, now: { noon }).write { try $0.setCursor("\(index)", to: "x") }
        }
      }
      try await group.waitForAll()
    }
    let store = try open()
    for index in 0..<6 { #expect(try store.read { try $0.cursor("\(index)") } == "x") }
  }

  @Test func anEmptyFileIsRefusedUntouched() throws {
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    #expect(throws: StoreError.empty(path: path)) { try open() }
    #expect(folder.files == ["billing.db"])
    #expect(FileManager.default.contents(atPath: path)?.isEmpty == true)
  }

  @Test func anotherKindOfFileIsRefused() throws {
    let text = Data(repeating: 0x61, count: 4096)
    try text.write(to: URL(filePath: path))
    #expect(throws: StoreError.notADatabase(path: path)) { try open() }
    #expect(FileManager.default.contents(atPath: path) == text)
  }

  @Test func anotherProgramsDatabaseIsRefused() throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "CREATE TABLE theirs (a)") }
    try queue.close()
    let before = FileManager.default.contents(atPath: path)
    #expect(throws: StoreError.otherProgram(path: path)) { try open() }
    #expect(FileManager.default.contents(atPath: path) == before)
  }

  @Test func aNewerVersionIsRefused() throws {
    _ = try open()
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 999") }
    try queue.close()
    let error = StoreError.newerVersion(path: path, found: 999, known: Migrations.version)
    #expect(throws: error) { try open() }
  }

  @Test func damageIsToldAndNotCoveredUp() throws {
    try open().write { transaction in
      for index in 0..<200 { try transaction.setCursor("\(index)", to: "x") }
    }
    var bytes = try #require(FileManager.default.contents(atPath: path))
    for index in 4096..<bytes.count { bytes[index] = 0x5A }
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    try bytes.write(to: URL(filePath: path))
    #expect {
      try open().read { try $0.cursor("1") }
    } throws: { error in
      if case .damaged(path, _) = error as? StoreError { true } else { false }
    }
  }

  @Test func aFolderThatIsNotThereIsNamed() throws {
    let path = folder.file("no/billing.db")
    #expect(throws: StoreError.cannotOpen(path: path, reason: "No such file or directory")) {
      try Store.open(at: path, now: { noon })
    }
  }

  @Test func theModeIsStampedOnce() throws {
    let store = try open()
    #expect(try store.mode() == nil)
    try store.requireMode(.test)
    try store.requireMode(.test)
    #expect(try store.mode() == .test)
    #expect(throws: StoreError.wrongMode(path: path, stored: "test", wanted: "live")) {
      try store.requireMode(.live)
    }
  }

  @Test func theAccountIsAskedOnceAKey() throws {
    let store = try open()
    let key = Secret("sk_test_one")
    #expect(try !store.knowsAccount(ofKey: key))
    try store.requireAccount("acct_1", key: key)
    #expect(try store.knowsAccount(ofKey: key))
    #expect(try !store.knowsAccount(ofKey: Secret("sk_test_two")))
    #expect(try !store.knowsAccount(ofKey: key, at: "http://127.0.0.1:12111"))
    #expect(throws: StoreError.wrongAccount(path: path, stored: "acct_1", wanted: "acct_2")) {
      try store.requireAccount("acct_2", key: Secret("sk_test_two"))
    }
  }

  @Test func aFailedTransactionLeavesNothing() throws {
    struct Stop: Error {}
    let store = try open()
    #expect(throws: Stop.self) {
      try store.write { transaction in
        try transaction.setCursor("a", to: "b")
        throw Stop()
      }
    }
    #expect(try store.read { try $0.cursor("a") } == nil)
  }

  @Test(arguments: [
    ("SELECT * FROM customers WHERE email = 'x' COLLATE NOCASE AND deleted = 0", "customers_email"),
    ("SELECT * FROM customers WHERE external_id = 'x'", "customers_external_id"),
    (
      "SELECT * FROM customers WHERE deleted = 0 ORDER BY created DESC, id DESC",
      "customers_created"
    ),
    (
      "SELECT * FROM subscriptions WHERE customer = 'x' ORDER BY created DESC",
      "subscriptions_customer"
    ),
    (
      "SELECT * FROM subscriptions WHERE status = 'x' ORDER BY created DESC", "subscriptions_status"
    ),
    (
      "SELECT * FROM subscription_items WHERE subscription = 'x'", "subscription_items_subscription"
    ),
    (
      "SELECT * FROM subscription_changes WHERE customer = 'x' ORDER BY at, id",
      "subscription_changes_customer"
    ),
    (
      "SELECT id FROM invoices WHERE customer = 'x' ORDER BY created DESC, id DESC",
      "invoices_customer"
    ),
    ("SELECT * FROM prices WHERE lookup_key = 'x'", "prices_lookup_key"),
    ("SELECT * FROM operations WHERE key = 'x'", "sqlite_autoindex_operations_2"),
    (
      "SELECT * FROM operations WHERE state IN ('prepared', 'sent', 'unknown') ORDER BY created, id",
      "operations_unsettled"
    ),
    (
      "SELECT * FROM operations WHERE state IN ('prepared', 'sent', 'unknown') AND meaning = 'x'",
      "operations_meaning"
    ),
    (
      "SELECT * FROM events WHERE \(InboxEvent.Status.failed.condition) ORDER BY created",
      "events_status"
    ),
    ("SELECT * FROM events ORDER BY created DESC, rowid DESC", "events_created"),
  ])
  func anIndexServesTheLookUp(sql: String, index: String) throws {
    let plan = try Store.inMemory(now: { noon }).queryPlan(sql)
    #expect(
      plan.allSatisfy { $0.hasPrefix("SEARCH") || $0.hasPrefix("SCAN") && $0.contains(index) })
    #expect(plan.contains { $0.contains(index) }, "\(plan)")
    #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
  }
}
