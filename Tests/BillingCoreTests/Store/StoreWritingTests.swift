import Basics
import Foundation
import Testing

@testable import BillingCore

/// Writes that go on in one transaction.
@Suite(.tags(.integration)) struct StoreWritingTests {
  let folder: TemporaryFolder
  let store: Store
  let other: Store

  init() throws {
    folder = try TemporaryFolder()
    store = try Store.open(at: folder.file("billing.db"), now: { noon })
    other = try Store.open(at: folder.file("billing.db"), now: { noon })
  }

  private struct Stop: Error {}

  private func put(_ name: String) throws {
    try store.writeOn { try $0.setCursor(name, to: "x") }
  }

  @Test func whatGoesOnIsSeenByOthersAtItsEnd() throws {
    try put("a")
    try put("b")
    #expect(try store.isWritingOn)
    #expect(try store.read { try $0.cursorNames() } == ["a", "b"])
    #expect(try other.read { try $0.cursorNames() } == [])
    try store.commit()
    #expect(try !store.isWritingOn)
    #expect(try other.read { try $0.cursorNames() } == ["a", "b"])
    try store.commit()
  }

  @Test func anErrorTakesAllOfItBack() throws {
    try put("a")
    #expect(throws: Stop.self) {
      try store.writeOn { transaction in
        try transaction.setCursor("b", to: "x")
        throw Stop()
      }
    }
    #expect(try !store.isWritingOn)
    #expect(try store.read { try $0.cursorNames() } == [])
  }

  @Test func anotherWriteEndsIt() throws {
    try put("a")
    #expect(throws: Stop.self) { try store.write { _ in throw Stop() } }
    #expect(try other.read { try $0.cursorNames() } == ["a"])
  }

  @Test func theEndOfManyWritesEndsIt() async throws {
    try await store.inBulk { try put("a") }
    #expect(try other.read { try $0.cursorNames() } == ["a"])
    await #expect(throws: Stop.self) {
      try await store.inBulk {
        try put("b")
        throw Stop()
      }
    }
    #expect(try other.read { try $0.cursorNames() } == ["a", "b"])
  }

  @Test func whatCanOnlyBeReadIsNotWritten() throws {
    let store = try Store.openReadOnly(at: folder.file("billing.db"), now: { noon })
    #expect(throws: StoreError.readOnly(path: store.path)) {
      try store.writeOn { try $0.setCursor("a", to: "x") }
    }
  }

  // MARK: The log

  private var logLength: Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: store.path + "-wal")
    return attributes?[.size] as? Int ?? 0
  }

  /// What is carried over while somebody else writes need not be written anew at the end.
  @Test func theLogBeginsAnewThoughTheWriterGoesOn() async throws {
    let filler = String(repeating: "x", count: 100_000)
    let carrier = try LogCarrier(path: store.path, mostBytes: 1 << 20)
    try store.withWriter(carrier.attach)
    for number in 0..<100 {
      try store.write { try $0.setCursor("f\(number)", to: filler) }
      await carrier.rest()
    }
    try store.withWriter(carrier.detach)
    try await carrier.finish()
    #expect(logLength > 0 && logLength < 2 << 20)
    #expect(try other.read { try $0.cursorNames().count } == 100)
    #expect(try other.pageFaults() == [])
  }

  @Test func aLogThatAReaderHoldsIsKept() async throws {
    let filler = String(repeating: "x", count: 100_000)
    let carrier = try LogCarrier(path: store.path, mostBytes: 1 << 20)
    try store.withWriter(carrier.attach)
    try store.write { try $0.setCursor("a", to: "x") }
    var names: [String] = []
    try other.read { transaction in
      _ = try transaction.cursorNames()
      for number in 0..<40 {
        try store.write { try $0.setCursor("f\(number)", to: filler) }
      }
      names = try transaction.cursorNames()
    }
    await carrier.rest()
    try store.withWriter(carrier.detach)
    try await carrier.finish()
    #expect(names == ["a"])
    #expect(try other.read { try $0.cursorNames().count } == 41)
  }
}
