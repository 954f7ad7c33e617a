import Basics
import Foundation
import Testing

@testable import StripeSandbox

@Suite struct StoreIntegrationTests {
  /// A path in a new directory, which is removed when the test is done.
  private func withPath<Value>(_ body: (String) throws -> Value) throws -> Value {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "sandbox-\(Random.token(length: 12))")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(directory.appending(path: "stripe.db").path)
  }

  private func names(beside path: String) throws -> [String] {
    let directory = URL(filePath: path).deletingLastPathComponent().path
    return try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
  }

  private func mode(_ path: String) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0
  }

  @Test(.tags(.integration)) func keepsWhatItIsTold() throws {
    try withPath { path in
      let first = try TestSandbox(path: path)
      let product = first.post("/v1/products", "name=Pro", key: "k")
      let account = try first.sandbox.accountID()
      let again = try TestSandbox(path: path)
      #expect(again.get("/v1/products/\(product.id)").body == product.body)
      #expect(again.post("/v1/products", "name=Pro", key: "k").id == product.id)
      #expect(try again.sandbox.accountID() == account)
      #expect(try again.eventTypes() == ["product.created"])
    }
  }

  @Test(.tags(.integration)) func isItsOwnersAloneAndOutlivesTheProcess() throws {
    try withPath { path in
      let stripe = try TestSandbox(path: path)
      _ = stripe.post("/v1/products", "name=Pro")
      for name in try names(beside: path) {
        let file = URL(filePath: path).deletingLastPathComponent().appending(path: name).path
        #expect(try mode(file) == 0o600, "\(name)")
      }
      #expect(try stripe.sandbox.store.pragma("journal_mode") == "wal")
      #expect(try stripe.sandbox.store.pragma("synchronous") == "1")
      #expect(try stripe.sandbox.store.pragma("integrity_check") == "ok")
    }
  }

  @Test(.tags(.integration)) func isSharedByTwo() throws {
    try withPath { path in
      let first = try TestSandbox(path: path)
      let second = try TestSandbox(path: path, firstToken: 1_000)
      let product = first.post("/v1/products", "name=Pro", key: "k")
      #expect(second.get("/v1/products/\(product.id)").status == 200)
      #expect(second.post("/v1/products", "name=Pro", key: "k").id == product.id)
      _ = second.post("/v1/coupons", "percent_off=5")
      #expect(try first.sandbox.events(after: 0, limit: 10).map { $0.sequence } == [1, 2])
    }
  }

  @Test(.tags(.integration)) func isMadeOnceByManyAtOnce() async throws {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "sandbox-\(Random.token(length: 12))")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let path = directory.appending(path: "stripe.db").path
    let accounts = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<4 {
        group.addTask { try Sandbox(.init(path: path)).accountID() }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(accounts.count == 1)
    #expect(try names(beside: path).filter { $0.hasSuffix(".tmp") } == [])
  }

  private static let otherProgram =
    Array("SQLite format 3\0".utf8) + [UInt8](repeating: 1, count: 84)

  private static var newer: [UInt8] {
    var head = otherProgram
    head.replaceSubrange(68..<72, with: Array("SBOX".utf8))
    head.replaceSubrange(60..<64, with: [0, 0, 0, 9])
    return head
  }

  @Test(.tags(.integration)) func refusesWhatIsNotItsOwn() throws {
    let cases: [([UInt8], (String) -> SandboxOpenError)] = [
      ([], { .empty(path: $0) }),
      (Array("hello".utf8), { .notASandbox(path: $0) }),
      (Self.otherProgram, { .notASandbox(path: $0) }),
      (Self.newer, { .newerVersion(path: $0, version: 9, newestKnown: StoreSchema.steps.count) }),
    ]
    for (bytes, expected) in cases {
      try withPath { path in
        try Data(bytes).write(to: URL(filePath: path))
        #expect(throws: expected(path)) { try Sandbox(.init(path: path)) }
        #expect(throws: expected(path)) { try Sandbox.reset(path: path) }
        #expect(Array(try Data(contentsOf: URL(filePath: path))) == bytes)
        #expect(try names(beside: path) == ["stripe.db"])
      }
    }
  }

  @Test(.tags(.integration)) func refusesADamagedFile() throws {
    try withPath { path in
      _ = try TestSandbox(path: path)
      var bytes = Array(try Data(contentsOf: URL(filePath: path)))
      for index in 100..<bytes.count { bytes[index] = 0xFF }
      try Data(bytes).write(to: URL(filePath: path))
      for companion in StoreFile.companions { unlink(path + companion) }
      #expect(throws: SandboxOpenError.damaged(path: path)) {
        try Sandbox(.init(path: path))
      }
    }
  }

  @Test(.tags(.integration)) func refusesAPathThatCannotBe() throws {
    try withPath { path in
      let below = "\(path)/no/stripe.db"
      #expect(
        throws: SandboxOpenError.cannotOpen(path: below, reason: "No such file or directory")
      ) { try Sandbox(.init(path: below)) }
      let directory = URL(filePath: path).deletingLastPathComponent().path
      #expect(throws: SandboxOpenError.self) { try Sandbox(.init(path: directory)) }
    }
  }

  @Test(.tags(.integration)) func isReset() throws {
    try withPath { path in
      let stripe = try TestSandbox(path: path)
      _ = stripe.post("/v1/products", "name=Pro")
      try Sandbox.reset(path: path)
      #expect(try names(beside: path) == [])
      try Sandbox.reset(path: path)
      #expect(try TestSandbox(path: path).get("/v1/products").ids == [])
    }
  }
}
