import Basics
import BillingCore
import Foundation
import Testing

@testable import billing

/// Backups and restores by processes of their own: beside one that writes, and killed halfway.
@Suite(.tags(.e2e)) struct DatabaseCareE2ETests {
  /// A sandbox's database with so much in it that copying it takes a moment.
  private static func bench(saying word: String) async throws -> (shop: Shop, program: Executable) {
    let shop = try await Shop("coditect", seeds: false)
    _ = try await shop.json("customer create --email ada@example.com")
    let store = try Store.open(
      at: shop.world.directory + "/billing.sandbox.db", now: { TestWorld.start })
    try store.write { transaction in
      for index in 0..<60 {
        try transaction.setCursor("f\(index)", to: String(repeating: word, count: 100_000))
      }
      try transaction.setCursor("word", to: word)
    }
    return (
      shop,
      Executable(directory: shop.world.directory, environment: ["BILLING_SANDBOX": "1"])
    )
  }

  private static func word(_ path: String) throws -> String? {
    let store = try Store.open(at: path, now: { TestWorld.start })
    #expect(try store.pageFaults() == [] && store.brokenReferences() == [])
    return try store.read { try $0.cursor("word") }
  }

  private func start(_ program: Executable, _ line: String) throws -> Process {
    try program.start(
      line.split(separator: " ").map { String($0) }, output: FileHandle.nullDevice,
      errors: FileHandle.nullDevice)
  }

  /// Waits until a file of the folder has such a name, and tells whether the program still ran.
  private func waitForPart(in folder: String, while process: Process) throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(60)
    while process.isRunning, ContinuousClock.now < deadline {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      if names.contains(where: { $0.hasSuffix(".part") }) { return true }
    }
    return false
  }

  private func kill(_ process: Process) {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// The import goes on while copies are made; each copy is of one moment between two portions.
  @Test func backupsBesideAnImport() async throws {
    let (shop, program) = try await Self.bench(saying: "import")
    let folder = shop.world.directory
    let input = Pipe()
    let writer = try program.start(
      ["usage", "import", "-", "--quiet"], output: FileHandle.nullDevice,
      errors: FileHandle.nullDevice, input: input)
    let store = try Store.open(at: folder + "/billing.sandbox.db", now: { TestWorld.start })
    var written = 0
    func write(_ count: Int) throws {
      let lines = (written..<written + count).map { number in
        #"{"id":"r\#(number)","customer":"ada@example.com","meter":"ai_requests","quantity":1}"#
          + "\n"
      }
      written += count
      try input.fileHandleForWriting.write(contentsOf: Data(lines.joined().utf8))
    }
    let kept = { (store: Store) throws in try store.read { try $0.usageAudit() }.events }
    var copies: [Int64] = []
    for round in 0..<3 {
      let before = try kept(store)
      try write(300)
      let result = try program.run("db backup copy\(round).db --json --quiet")
      #expect(result.status == 0, "\(result.errors)")
      let copy = try Store.openReadOnly(
        at: "\(folder)/copy\(round).db", now: { TestWorld.start })
      let count = try kept(copy)
      #expect(try count >= before && copy.pageFaults() == [])
      #expect(try copy.read { try $0.usageAudit() }.differences == [])
      copies.append(count)
    }
    try input.fileHandleForWriting.close()
    writer.waitUntilExit()
    #expect(writer.terminationStatus == 0)
    #expect(try kept(store) == 900)
    #expect(copies == copies.sorted())
  }

  /// What has the name that was asked for is whole, or is not there.
  @Test func aBackupThatIsKilled() async throws {
    let (shop, program) = try await Self.bench(saying: "backup")
    let folder = shop.world.directory
    let process = try start(program, "db backup copy.db")
    #expect(try waitForPart(in: folder, while: process))
    kill(process)
    if FileManager.default.fileExists(atPath: folder + "/copy.db") {
      #expect(try Self.word(folder + "/copy.db") == "backup")
    } else {
      #expect(try program.run("db backup copy.db --quiet").status == 0)
      #expect(try Self.word(folder + "/copy.db") == "backup")
    }
    #expect(try Self.word(folder + "/billing.sandbox.db") == "backup")
  }

  /// The old or the new one stands there, whole, and the next run does it.
  @Test(arguments: [0, 1, 2, 4, 8, 16]) func aRestoreThatIsKilled(_ looks: Int) async throws {
    let (shop, program) = try await Self.bench(saying: "new")
    let folder = shop.world.directory
    #expect(try program.run("db backup copy.db --quiet").status == 0)
    let path = folder + "/billing.sandbox.db"
    try Store.open(at: path, now: { TestWorld.start }).write {
      try $0.setCursor("word", to: "old")
    }
    let process = try start(program, "db restore copy.db --yes")
    _ = try waitForPart(in: folder, while: process)
    // A little further each time: how far that is does not matter.
    for _ in 0..<looks * 200 { _ = try FileManager.default.contentsOfDirectory(atPath: folder) }
    kill(process)
    let word = try Self.word(path)
    #expect(word == "old" || word == "new")
    #expect(try program.run("db check --quiet").status == 0)
    let again = try program.run("db restore copy.db --yes --quiet --json")
    #expect(again.status == 0, "\(again.errors)")
    #expect(try Self.word(path) == "new")
    let kept = try JSON(parsing: again.output)["kept_as"]?.string ?? "-"
    #expect(try Self.word("\(folder)/\(kept)") == word)
  }

  /// A listener has it open for as long as it runs.
  @Test func aRestoreBesideAListener() async throws {
    let (shop, program) = try await Self.bench(saying: "old")
    let folder = shop.world.directory
    #expect(try program.run("db backup copy.db --quiet").status == 0)
    let output = Pipe()
    let listener = try program.start(
      ["webhook", "listen", "--port", "0", "--quiet"], output: output,
      errors: FileHandle.nullDevice)
    defer { kill(listener) }
    // It has told that it listens.
    #expect(!output.fileHandleForReading.availableData.isEmpty)
    let refused = try program.run("db restore copy.db --yes --quiet --json")
    #expect(refused.status == 5, "\(refused.errors)")
    #expect(refused.errors.contains("another process has"))
    #expect(try Self.word(folder + "/billing.sandbox.db") == "old")
  }

  /// Many first commands, while the file is exchanged under them: what each says it did is kept.
  @Test func commandsWhileItIsRestored() async throws {
    let (shop, program) = try await Self.bench(saying: "new")
    let folder = shop.world.directory
    #expect(try program.run("db backup copy.db --quiet").status == 0)
    let restore = try start(program, "db restore copy.db --yes --quiet")
    let grants = try (0..<6).map { number in
      try start(program, "tokens grant ada@example.com 1 --reference g\(number) --quiet")
    }
    restore.waitUntilExit()
    for grant in grants { grant.waitUntilExit() }
    // Whoever was first, nothing is half: the ledger adds up in what stands there and in what was
    // kept, and a grant is in one of the two.
    let paths = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter {
        $0 == "billing.sandbox.db" || $0.contains("before-restore-") && !$0.contains("-wal")
      }
      .filter { !$0.hasSuffix("-shm") }
    var entries: Int64 = 0
    for path in paths {
      let store = try Store.open(at: "\(folder)/\(path)", now: { TestWorld.start })
      let audit = try store.read { try $0.tokenAudit() }
      #expect(try store.pageFaults() == [])
      #expect(audit.isClean)
      entries += audit.entries
    }
    #expect(entries == Int64(grants.count { $0.terminationStatus == 0 }))
  }
}
