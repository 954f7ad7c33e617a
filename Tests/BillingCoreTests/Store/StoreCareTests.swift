import Basics
import Foundation
import GRDB
import Testing

@testable import BillingCore

/// Copies of a database, and their way back into its place.
@Suite(.tags(.integration)) struct StoreCareIntegrationTests {
  let folder: TemporaryFolder
  var path: String { folder.file("billing.db") }
  var copy: String { folder.file("copy.db") }
  var kept: String { folder.file("kept.db") }

  init() throws { folder = try TemporaryFolder() }

  func open(_ path: String) throws -> Store { try Store.open(at: path, now: { noon }) }

  /// A database that says so.
  @discardableResult
  private func make(_ path: String, saying word: String) throws -> Store {
    let store = try open(path)
    try store.write { try $0.setCursor("word", to: word) }
    return store
  }

  private func word(_ path: String) throws -> String? {
    try open(path).read { try $0.cursor("word") }
  }

  // MARK: Copies

  @Test func aCopyIsOneWholePrivateFile() throws {
    let store = try make(path, saying: "hello")
    try store.writeCopy(to: copy)
    let bytes = try #require(FileManager.default.contents(atPath: copy))
    // Neither readers nor writers of it need a log.
    #expect(bytes[18] == 1 && bytes[19] == 1)
    let attributes = try FileManager.default.attributesOfItem(atPath: copy)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(!folder.files.contains { $0.hasPrefix("copy.db-") })
    let made = try Store.openReadOnly(at: copy, now: { noon })
    #expect(try made.pageFaults() == [] && made.brokenReferences() == [])
    #expect(try made.schemaFaults() == [])
    #expect(try made.read { try $0.cursor("word") } == "hello")
    #expect(FileManager.default.contents(atPath: copy) == bytes)
  }

  /// What is written while it is copied is not in it, and nobody waits.
  @Test func aCopyIsOfOneMoment() throws {
    let store = try make(path, saying: "before")
    let filler = String(repeating: "x", count: 100_000)
    for index in 0..<200 { try store.write { try $0.setCursor("f\(index)", to: filler) } }
    let other = try open(path)
    var steps = 0
    try store.writeCopy(to: copy) { done, total in
      steps += 1
      try other.write { transaction in
        try transaction.setCursor("word", to: "after \(steps)")
        try transaction.setCursor("f\(steps)", to: filler + filler)
      }
      #expect(done <= total)
    }
    #expect(steps > 1)
    #expect(try word(path) == "after \(steps)")
    #expect(try word(copy) == "before")
    #expect(try open(copy).pageFaults() == [])
  }

  @Test func aCopyThatIsStoppedLeavesNothing() throws {
    struct Stop: Error {}
    let store = try make(path, saying: String(repeating: "hello", count: 2_000_000))
    #expect(throws: Stop.self) { try store.writeCopy(to: copy) { _, _ in throw Stop() } }
    #expect(!folder.files.contains { $0.hasPrefix("copy.db") })
    try Data("mine".utf8).write(to: URL(filePath: copy))
    #expect(throws: StoreError.cannotOpen(path: copy, reason: "File exists")) {
      try store.writeCopy(to: copy)
    }
    #expect(FileManager.default.contents(atPath: copy) == Data("mine".utf8))
  }

  /// An old database is copied as it is: before a newer program changes it is when one wants that.
  @Test func anOldSchemaStaysOld() throws {
    try make(path, saying: "hello")
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 3") }
    try queue.close()
    let store = try Store.openUnchanged(at: path, now: { noon })
    try store.writeCopy(to: copy)
    #expect(try store.schema() == 3)
    #expect(try Store.openReadOnly(at: copy, now: { noon }).schema() == 3)
  }

  // MARK: Into its place

  @Test func theOldOneIsKept() throws {
    try make(copy, saying: "new").writeCopy(to: folder.file("part"))
    try make(path, saying: "old")
    #expect(try Store.replace(path, by: folder.file("part"), keeping: kept))
    #expect(try word(path) == "new" && word(kept) == "old")
    #expect(!folder.files.contains("part"))
  }

  @Test func thereMayBeNone() throws {
    try make(copy, saying: "new").writeCopy(to: folder.file("part"))
    #expect(try Store.replace(path, by: folder.file("part"), keeping: kept) == false)
    #expect(try word(path) == "new")
    #expect(!folder.files.contains("part") && !folder.files.contains("kept.db"))
  }

  @Test func whatSomebodyHasOpenStays() throws {
    try make(copy, saying: "new").writeCopy(to: folder.file("part"))
    let busy = try make(path, saying: "old")
    #expect(throws: StoreError.inUse(path: path)) {
      try Store.replace(path, by: folder.file("part"), keeping: kept)
    }
    try busy.write { try $0.setCursor("word", to: "still mine") }
    #expect(try word(path) == "still mine")
    #expect(!folder.files.contains("kept.db") && folder.files.contains("part"))
  }

  /// Its log would spoil what comes.
  @Test func aDamagedOneIsPutAside() throws {
    try make(copy, saying: "new").writeCopy(to: folder.file("part"))
    try make(path, saying: "old")
    var bytes = try #require(FileManager.default.contents(atPath: path))
    bytes.replaceSubrange(100..<bytes.count, with: Data(repeating: 0xA5, count: bytes.count - 100))
    try bytes.write(to: URL(filePath: path))
    try Data(repeating: 7, count: 5000).write(to: URL(filePath: path + "-wal"))
    #expect(try Store.replace(path, by: folder.file("part"), keeping: kept))
    #expect(try word(path) == "new")
    #expect(FileManager.default.contents(atPath: kept) == bytes)
    #expect(try open(path).pageFaults() == [])
  }

  // MARK: What is looked for

  @Test func tablesThatSomebodyChanged() throws {
    let store = try make(path, saying: "hello")
    try store.queue.writeWithoutTransaction { database in
      try database.execute(sql: "DROP INDEX customers_email")
      try database.execute(sql: "DROP TRIGGER token_entries_stay")
      try database.execute(
        sql: """
          CREATE TRIGGER token_entries_stay BEFORE UPDATE ON customers BEGIN SELECT 1; END
          """)
      try database.execute(sql: "CREATE TABLE mine (a)")
    }
    #expect(
      try store.schemaFaults() == [
        "customers_email is missing", "token_entries_stay is another one",
      ])
  }

  @Test func rowsThatPointAtNothing() throws {
    let store = try make(path, saying: "hello")
    try store.queue.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA foreign_keys = OFF")
      try database.execute(
        sql: """
          INSERT INTO subscription_items (id, subscription, price, created_at, updated_at)
          VALUES ('si_1', 'sub_gone', 'price_1', 0, 0)
          """)
    }
    #expect(try store.brokenReferences() == ["subscription_items: 1"])
  }
}
