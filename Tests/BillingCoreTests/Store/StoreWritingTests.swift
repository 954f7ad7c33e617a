import Basics
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
}
