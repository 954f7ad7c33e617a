import Basics
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct AlertTests {
  private func alert(_ store: Store, _ topic: String = "drift") throws -> Bool {
    try store.write { try $0.alert(.drift, topic: topic, payload: ["count": 1]) }
  }

  @Test func atMostOnceAnHourForATopic() throws {
    let bench = try OutboxBench()
    #expect(try alert(bench.store))
    #expect(try !alert(bench.store))
    #expect(try alert(bench.store, "ledger"))
    bench.clock.pass(3_599)
    #expect(try !alert(bench.store))
    bench.clock.pass(1)
    #expect(try alert(bench.store))
    #expect(try bench.store.read { try $0.waitingNotifications() }.count == 3)
  }

  @Test func ofManyWhoNoticeItOneTellsIt() async throws {
    let folder = try TemporaryFolder()
    let stores = try (0..<8).map { _ in
      try Store.open(at: folder.file("billing.db"), now: { noon })
    }
    let told = try await withThrowingTaskGroup(of: Bool.self) { group in
      for store in stores { group.addTask { try alert(store) } }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(told == 1)
  }
}
