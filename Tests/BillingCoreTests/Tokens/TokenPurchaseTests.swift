import Basics
import Testing

@testable import BillingCore

/// What payments and refunds do to the ledger, whoever tells of them, how often and in which order.
@Suite(.tags(.unit)) struct TokenPurchaseTests {
  private let credited = ["purchased 500000 = 500000 pi_1, booster"]

  @Test func aPaymentIsCreditedOnceHoweverOftenItIsTold() throws {
    let bench = try TokenBench()
    for (number, object) in [
      Sample.tokenPage(), Sample.tokenPayment(), Sample.tokenPage(), Sample.tokenPayment(),
    ].enumerated() {
      try bench.tell(object, at: noon + Int64(number / 2), event: "evt_\(number)")
      try bench.tell(object, at: noon + 10)
    }
    #expect(try bench.history() == credited)
    let entry = try #require(try bench.store.read { try $0.tokenEntry(ofPayment: "pi_1") })
    #expect(entry.kind == .purchased && entry.actor == "stripe")
    #expect(try bench.audit().isClean)
  }

  @Test(arguments: [
    Sample.tokenPage("unpaid"), Sample.tokenPage("something new"),
    Sample.tokenPayment("processing"),
    Sample.tokenPayment("requires_payment_method"),
  ])
  func whatIsNotPaidYetIsNotCredited(_ object: JSON) throws {
    let bench = try TokenBench()
    try bench.tell(object, at: noon, event: "evt_1")
    #expect(try bench.history() == [])
    // A bank transfer succeeds later.
    try bench.tell(Sample.tokenPage(), at: noon + 60, event: "evt_2")
    #expect(try bench.history() == credited)
  }

  @Test func whatIsPaidForSomethingElseIsNoTokens() throws {
    let bench = try TokenBench(packages: [.sample()])
    for object in [Sample.tokenPayment(), Sample.tokenPage()] {
      var other = object.object ?? [:]
      other["metadata"] = ["billing_plan": "starter"]
      try bench.tell(.object(other))
    }
    #expect(try bench.history() == [])
    #expect(try bench.audit().uncredited == [])
  }

  @Test func aPageOnWhichNothingWasDueIsCreditedByItself() throws {
    let bench = try TokenBench()
    try bench.tell(Sample.tokenPage("no_payment_required", intent: nil, amount: 0))
    #expect(try bench.history() == ["purchased 500000 = 500000 cs_1, booster"])
  }

  @Test func severalPackagesAreCreditedTogether() throws {
    let bench = try TokenBench()
    try bench.tell(Sample.tokenPayment(sale: TokenSale(.sample(), quantity: 3), amount: 6000))
    #expect(try bench.history() == ["purchased 1500000 = 1500000 pi_1, 3 × booster"])
  }

  @Test func whatWasSoldCountsAndNotWhatTheCatalogueSaysLater() throws {
    var changed = TokenSale(.sample())
    changed.tokens = 400_000
    let bench = try TokenBench(packages: [.sample()])
    try bench.tell(Sample.tokenPayment(sale: changed))
    #expect(try bench.balance().balance == 400_000)
  }

  /// A page that another program made, with the name of the package alone.
  @Test func aPaymentOfAnUnknownPackageIsKeptAndCreditedWhenItIsKnown() throws {
    var sale = TokenSale(.sample(), quantity: 2)
    sale.tokens = nil
    let bench = try TokenBench()
    try bench.tell(Sample.tokenPayment(sale: sale), event: "evt_1")
    #expect(try bench.history() == [])
    var audit = try bench.audit()
    #expect(
      !audit.isClean && audit.differences == []
        && audit.uncredited.map { "\($0.payment) \($0.customerID) \($0.packageID)" }
          == ["pi_1 cus_1 booster"]
    )
    let knowing = StripeMirror(
      planOfPrice: { _ in nil }, packageOf: { _ in .sample() }, externalIDKeys: [])
    let snapshot = try #require(
      Snapshot(
        Sample.tokenPayment(sale: sale), origin: .event(id: "evt_1", previous: nil), asOf: noon,
        cause: nil))
    try bench.store.write { _ = try knowing.apply(snapshot, in: $0) }
    #expect(try bench.history() == ["purchased 1000000 = 1000000 pi_1, 2 × booster"])
    audit = try bench.audit()
    #expect(audit.isClean)
  }

  // MARK: Refunds

  private func told(_ objects: [JSON], using used: Int64 = 0) throws -> TokenBench {
    let bench = try TokenBench()
    try bench.tell(Sample.tokenPayment())
    if used > 0 { try bench.consume(used, "c1") }
    for (number, object) in objects.enumerated() {
      try bench.tell(object, at: noon + Int64(number + 1), event: "evt_\(number)")
    }
    #expect(try bench.audit().isClean)
    return bench
  }

  @Test func aRefundTakesTheTokensBackWhoeverTellsOfIt() throws {
    let taken = credited + ["refunded -500000 = 0 pi_1, booster"]
    let (charge, refund) = (Sample.charge(refunded: 2000), Sample.refund(2000))
    for objects in [
      [charge], [refund], [charge, refund], [refund, charge], [refund, refund, charge, charge],
    ] {
      let bench = try told(objects)
      #expect(try bench.history() == taken)
      #expect(try bench.balance().refunded == 500_000)
    }
  }

  @Test func whatWasUsedIsMissedAndWrittenDown() throws {
    let bench = try told([Sample.refund(2000)], using: 300_000)
    #expect(
      try bench.history().suffix(1) == ["refunded -200000 = 0 pi_1, booster, 300000 had been used"])
    #expect(try bench.audit().missed == 300_000)
    // Later tokens are not touched for it.
    try bench.grant(5, "g1")
    try bench.tell(Sample.charge(refunded: 2000), at: noon + 99, event: "evt_9")
    #expect(try bench.balance().balance == 5)
  }

  @Test func whereNothingIsLeftNothingIsTaken() throws {
    let bench = try told([Sample.refund(2000)], using: 500_000)
    #expect(try bench.history().last == "consumed -500000 = 0 c1")
    #expect(try bench.audit().missed == 500_000)
  }

  @Test func aPartOfTheMoneyIsThatPartOfTheTokens() throws {
    let bench = try told([
      Sample.refund(500), Sample.charge(refunded: 500), Sample.refund(333, id: "re_2"),
      Sample.charge(refunded: 2000),
    ])
    #expect(
      try bench.history().dropFirst() == [
        "refunded -125000 = 375000 pi_1, booster", "refunded -83250 = 291750 pi_1, booster",
        "refunded -291750 = 0 pi_1, booster",
      ])
  }

  @Test func aRefundThatFailedGivesThemBack() throws {
    let bench = try told([
      Sample.refund(2000, status: "pending"), Sample.charge(refunded: 2000),
      Sample.refund(2000, status: "failed"),
    ])
    #expect(
      try bench.history().dropFirst() == [
        "refunded -500000 = 0 pi_1, booster",
        "refunded 500000 = 500000 pi_1, booster, the refund failed",
      ])
    #expect(try bench.consume(500_000, "c1").balanceAfter == 0)
  }

  @Test func whatHadBeenUsedIsForgivenFirst() throws {
    let bench = try told(
      [
        Sample.refund(1000), Sample.refund(1000, id: "re_2"),
        Sample.refund(1000, id: "re_2", status: "failed"),
      ], using: 400_000)
    #expect(
      try bench.history().suffix(2) == [
        "consumed -400000 = 100000 c1",
        "refunded -100000 = 0 pi_1, booster, 150000 had been used",
      ])
    #expect(try bench.audit().missed == 150_000)
  }

  @Test func aRefundThatIsToldBeforeItsPaymentCounts() throws {
    for first in [Sample.charge(refunded: 500), Sample.refund(500)] {
      let bench = try TokenBench()
      try bench.tell(first, at: noon + 5, event: "evt_1")
      #expect(try bench.history() == [])
      try bench.tell(Sample.tokenPage(), at: noon, event: "evt_2")
      #expect(
        try bench.history() == credited + ["refunded -125000 = 375000 pi_1, booster"])
      #expect(try bench.audit().isClean)
    }
  }

  @Test func theTokensOfTheRefundedPaymentAreTakenFirst() throws {
    let bench = try TokenBench()
    try bench.grant(100, "g1")
    let sale = TokenSale(.sample(expires: TimeSpan(seconds: 60)))
    try bench.tell(Sample.tokenPayment(sale: sale))
    try bench.tell(Sample.refund(2000), at: noon + 1)
    // What is left is the grant, which does not lapse.
    #expect(try bench.balance(at: noon + 61).balance == 100)
    #expect(try bench.audit().isClean)
  }

  @Test func aSaleIsReadAsItWasWritten() throws {
    let span = TimeSpan(months: 12, seconds: 90)
    let sale = TokenSale(.sample(expires: span), quantity: 2)
    #expect(
      sale.metadata == [
        "billing_package": "booster", "billing_quantity": "2", "billing_tokens": "1000000",
        "billing_expires": "12 months 90 seconds",
      ])
    #expect(TokenSale(metadata: .object(sale.metadata), package: { _ in nil }) == sale)
    #expect(TokenSale(metadata: [:], package: { _ in nil }) == nil)
  }
}
