import Basics
import GRDB
import Testing

@testable import BillingCore

/// Totals held against the events that they are made from.
@Suite(.tags(.unit)) struct UsageAuditTests {
  private let store: Store

  init() throws {
    store = try Store.inMemory(now: { noon })
    try store.write { transaction in
      for (id, quantity, covered, days) in [
        ("a", 5, 0, 0), ("b", 7, 7, 0), ("c", 0, 0, 1), ("d", 9, 4, -30_000),
      ] {
        _ = try transaction.recordUsage(
          UsageEvent(
            id: id, customerID: "cus_1", meterID: "calls", quantity: Int64(quantity),
            at: noon + Int64(days * 86_400), covered: Int64(covered)))
      }
    }
  }

  private func differences() throws -> [String] {
    try store.read { try $0.usageAudit() }.differences.map {
      "\($0.customerID) \($0.meterID) \($0.span) \($0.expected) \($0.found)"
    }
  }

  private func run(_ sql: String) throws {
    try store.queue.writeWithoutTransaction { try $0.execute(sql: sql) }
  }

  /// Also before 1970, and what tokens paid for whole is in no total.
  @Test func whatWasRecordedAddsUp() throws {
    #expect(try differences() == [])
    #expect(try store.read { try $0.usageAudit() }.events == 4)
  }

  @Test func aTotalThatWasChanged() throws {
    try run(
      """
      UPDATE usage_totals SET quantity = quantity + 1
      WHERE span = 'day' AND starts_at > 0 AND quantity = 5
      """)
    try run("UPDATE usage_totals SET events = 9 WHERE span = 'lifetime'")
    #expect(try differences() == ["cus_1 calls day 5 6", "cus_1 calls lifetime 3 9"])
  }

  @Test func aTotalThatIsGone() throws {
    try run("DELETE FROM usage_totals WHERE span = 'period'")
    #expect(try differences() == ["cus_1 calls period 10 0"])
  }

  @Test func aLevelIsWhatItsLastChangeLeft() throws {
    try store.write { transaction in
      try transaction.change(
        LevelChange(
          customerID: "cus_1", levelID: "seats", kind: .set, units: 4, actor: "ada", at: noon))
      try transaction.change(
        LevelChange(
          customerID: "cus_1", levelID: "rooms", kind: .leased(until: noon + 60), units: 1,
          actor: "ada", at: noon))
    }
    #expect(try differences() == [])
    try run("UPDATE levels SET held = 5 WHERE level = 'seats'")
    #expect(try differences() == ["cus_1 seats level 4 5"])
  }
}
