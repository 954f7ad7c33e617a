import Basics
import GRDB
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct TokenLedgerTests {
  private let day: Int64 = 86_400

  @Test func everyEntryCarriesTheBalanceAlong() throws {
    let bench = try TokenBench()
    let first = try bench.grant(100, "g1", note: "welcome")
    #expect(first.id == 1 && first.actor == "ada@host" && first.created == noon)
    try bench.consume(30, "c1")
    try bench.grant(5, "g2")
    #expect(
      try bench.history() == [
        "granted 100 = 100 g1, welcome", "consumed -30 = 70 c1", "granted 5 = 75 g2",
      ])
    let balance = try bench.balance()
    #expect(balance.balance == 75 && balance.granted == 105 && balance.consumed == 30)
    #expect(try bench.audit().isClean)
  }

  @Test func theSameReferenceIsTheFirstEntry() throws {
    let bench = try TokenBench()
    let grant = try bench.grant(100, "g1", note: "welcome")
    let consumption = try bench.consume(30, "c1")
    #expect(try bench.grant(100, "g1", note: "welcome", at: noon + day) == grant)
    #expect(try bench.consume(30, "c1", at: noon + day) == consumption)
    #expect(try bench.balance().balance == 70)
  }

  @Test func theSameReferenceWithOtherContentIsRefused() throws {
    let bench = try TokenBench()
    let grant = try bench.grant(100, "g1", note: "welcome")
    let taken = TokenConflict.referenceTaken(by: grant)
    #expect(throws: taken) { try bench.grant(101, "g1", note: "welcome") }
    #expect(throws: taken) { try bench.grant(100, "g1") }
    #expect(throws: taken) { try bench.consume(100, "g1") }
    #expect(try bench.history().count == 1)
  }

  @Test func anotherCustomerHasReferencesOfItsOwn() throws {
    let bench = try TokenBench()
    try bench.grant(100, "g1")
    let other = TokenRequest(
      customerID: "cus_2", amount: 7, reference: "g1", actor: "ada@host")
    #expect(try bench.store.write { try $0.grantTokens(other, at: noon) }.balanceAfter == 7)
    #expect(try bench.balance().balance == 100)
  }

  @Test func moreThanThereIsTakesNothing() throws {
    let bench = try TokenBench()
    let nothing = TokenShortage(customerID: "cus_1", asked: 1, balance: 0)
    #expect(throws: nothing) { try bench.consume(1, "c0") }
    try bench.grant(10, "g1")
    let shortage = TokenShortage(customerID: "cus_1", asked: 11, balance: 10)
    #expect(shortage.missing == 1)
    #expect(throws: shortage) { try bench.consume(11, "c1") }
    try bench.consume(10, "c2")
    #expect(try bench.history() == ["granted 10 = 10 g1", "consumed -10 = 0 c2"])
    // What was refused is not kept, so that it may be tried again.
    try bench.grant(11, "g2")
    #expect(try bench.consume(11, "c1").balanceAfter == 0)
  }

  @Test func noBalanceIsLargerThanANumberCanBe() throws {
    let bench = try TokenBench()
    try bench.grant(.max, "g1")
    #expect(throws: TokenConflict.tooMany(customerID: "cus_1", balance: .max)) {
      try bench.grant(1, "g2")
    }
    #expect(try bench.audit().isClean)
  }

  @Test func aKeyStandsForOneEntry() throws {
    let bench = try TokenBench()
    var request = TokenRequest(
      customerID: "cus_1", amount: 5, reference: "g1", actor: "ada@host", key: "k")
    let entry = try bench.store.write { try $0.grantTokens(request, at: noon) }
    #expect(try bench.store.write { try $0.grantTokens(request, at: noon) } == entry)
    request.reference = "g2"
    let other = request
    #expect(throws: OperationError.self) {
      try bench.store.write { try $0.grantTokens(other, at: noon) }
    }
    #expect(try bench.history().count == 1)
  }

  // MARK: Lapses

  private func credited(_ bench: TokenBench, lapsingAfter days: Int64) throws {
    let sale = TokenSale(.sample(expires: TimeSpan(seconds: days * day)))
    try bench.tell(Sample.tokenPayment(sale: sale))
  }

  @Test func whatNobodyUsedLapsesWithItsCreditAlone() throws {
    let bench = try TokenBench()
    try bench.grant(100, "g1")
    try credited(bench, lapsingAfter: 30)
    // The older credit is used first.
    try bench.consume(150, "c1")
    let end = noon + 30 * day
    #expect(try bench.balance(at: end + -1).balance == 499_950)
    let lapsed = try bench.balance(at: end)
    #expect(lapsed.balance == 0 && lapsed.expired == 499_950 && lapsed.purchased == 500_000)
    #expect(
      try bench.history(at: end).last == "due expired -499950 = 0 pi_1, booster")
    // Read and not written.
    #expect(try bench.history().count == 3)
    try bench.grant(1, "g2", at: end + 5)
    #expect(
      try bench.history(at: end + 5).suffix(2) == [
        "expired -499950 = 0 pi_1, booster", "granted 1 = 1 g2",
      ])
    #expect(try bench.balance(at: end + 5).expired == 499_950)
    let lapse = try #require(try bench.store.read { try $0.tokenEntry(4) })
    #expect(lapse.created == end && lapse.actor == "billing")
    #expect(try bench.audit().isClean)
  }

  @Test func whatHasLapsedCannotBeTaken() throws {
    let bench = try TokenBench()
    try credited(bench, lapsingAfter: 30)
    try bench.grant(10, "g1")
    let end = noon + 30 * day
    #expect(throws: TokenShortage(customerID: "cus_1", asked: 11, balance: 10)) {
      try bench.consume(11, "c1", at: end)
    }
    #expect(try bench.consume(10, "c1", at: end).balanceAfter == 0)
    #expect(try bench.audit().isClean)
  }

  // MARK: The file itself

  @Test(arguments: [
    "UPDATE token_entries SET amount = 2", "DELETE FROM token_entries",
    // Not from the balance on, below zero, nothing, the wrong way, of no known kind.
    Self.insert("'granted', 5, 5, 'r'"), Self.insert("'consumed', -101, -1, 'r'"),
    Self.insert("'granted', 0, 100, 'r'"), Self.insert("'consumed', 5, 105, 'r'"),
    Self.insert("'granted', -5, 95, 'r'"), Self.insert("'given', 5, 105, 'r'"),
    // A known reference.
    Self.insert("'granted', 5, 105, 'g1'"),
    "UPDATE token_balances SET balance = -1", "UPDATE token_balances SET balance = 101",
    "UPDATE token_lots SET remaining = -1",
  ])
  func theFileItselfRefusesWhatIsWrong(_ sql: String) throws {
    let bench = try TokenBench()
    try bench.grant(100, "g1")
    #expect(throws: StoreError.self) { try bench.execute(sql) }
    #expect(try bench.history() == ["granted 100 = 100 g1"])
    #expect(try bench.audit().isClean)
  }

  private static func insert(_ values: String) -> String {
    """
    INSERT INTO token_entries (customer, actor, created, created_at, updated_at, kind, amount,
      balance_after, reference) VALUES ('cus_1', 'x', 0, 0, 0, \(values))
    """
  }
}
