import Basics
import Testing

@testable import BillingCore

/// Whoever changes the file past the ledger is found out.
@Suite(.tags(.unit)) struct TokenAuditTests {
  private func ledger() throws -> TokenBench {
    let bench = try TokenBench()
    try bench.grant(100, "g1")
    try bench.consume(30, "c1")
    try bench.tell(Sample.tokenPayment())
    try bench.execute("DROP TRIGGER token_entries_stay")
    try bench.execute("DROP TRIGGER token_entries_remain")
    return bench
  }

  private func differences(after sql: String) throws -> [String] {
    let bench = try ledger()
    try bench.execute(sql)
    let audit = try bench.audit()
    #expect(!audit.isClean)
    return audit.differences.map {
      "\($0.customerID) \($0.check) \($0.expected) \($0.found)"
    }
  }

  @Test func whatAddsUpIsClean() throws {
    let audit = try ledger().audit()
    #expect(audit.isClean && audit.differences == [] && audit.uncredited == [])
    #expect(audit.customers == 1 && audit.entries == 3 && audit.missed == 0)
    var totals = TokenBalance(customerID: "")
    (totals.balance, totals.purchased) = (500_070, 500_000)
    (totals.granted, totals.consumed) = (100, 30)
    #expect(audit.totals == totals)
  }

  @Test func anEmptyLedgerIsClean() throws {
    let audit = try TokenBench().audit()
    #expect(audit.isClean && audit.customers == 0 && audit.totals == TokenBalance(customerID: ""))
  }

  @Test func aBalanceThatWasChangedIsFound() throws {
    #expect(
      try differences(
        after: "UPDATE token_balances SET balance = balance + 1, granted = granted + 1") == [
          "cus_1 balance 500070 500071", "cus_1 granted 100 101", "cus_1 credits 500071 500070",
        ])
  }

  @Test func anEntryThatWasChangedIsFound() throws {
    #expect(
      try differences(after: "UPDATE token_entries SET amount = -31 WHERE id = 2") == [
        "cus_1 balance 500069 500070", "cus_1 consumed 31 30", "cus_1 sequence 69 70",
      ])
  }

  @Test func anEntryThatIsGoneIsFound() throws {
    #expect(
      try differences(after: "DELETE FROM token_entries WHERE id = 2") == [
        "cus_1 balance 500100 500070", "cus_1 consumed 0 30", "cus_1 sequence 500100 500070",
      ])
  }

  @Test func aBalanceThatIsGoneIsFound() throws {
    #expect(
      try differences(after: "DELETE FROM token_balances") == [
        "cus_1 balance 500070 0", "cus_1 purchased 500000 0", "cus_1 consumed 30 0",
        "cus_1 granted 100 0", "cus_1 credits 0 500070",
      ])
  }

  @Test func aPurchaseThatWasChangedIsFound() throws {
    #expect(
      try differences(after: "UPDATE token_purchases SET tokens = 400000") == [
        "cus_1 payments 400000 500000"
      ])
  }

  @Test func whatIsLeftOfACreditAndWasChangedIsFound() throws {
    #expect(
      try differences(after: "UPDATE token_lots SET remaining = 0 WHERE entry = 1") == [
        "cus_1 credits 500070 500000"
      ])
  }
}
