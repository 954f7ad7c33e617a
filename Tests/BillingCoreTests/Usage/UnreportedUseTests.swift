import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct UnreportedUseTests {
  let store: Store
  init() throws { store = try Store.inMemory(now: { noon }) }

  private func use(_ aggregation: MeterDefinition.Aggregation = .sum) throws -> BilledUse {
    BilledUse(
      customerID: "cus_1", subscriptionID: "sub_1", itemID: "si_2",
      price: try Price(Sample.price()),
      meter: MeterDefinition(
        id: "ai", name: "AI", aggregation: aggregation, eventName: "billing_ai"),
      stripeMeterID: "mtr_1", from: noon - 86_400, endsAt: nil, hasEnded: false)
  }

  private func segment(
    _ start: Timestamp, _ end: Timestamp, _ aggregation: MeterDefinition.Aggregation = .sum
  ) throws -> UsageSegment {
    UsageSegment(
      use: try use(aggregation),
      period: BillingPeriod(start: start - 1, end: end, subscriptionID: "sub_1"), start: start,
      end: end)
  }

  private func record(_ quantity: Int64, at moment: Timestamp) throws {
    try store.write {
      _ = try $0.recordUsage(
        UsageEvent(
          id: "e\(moment.seconds)", customerID: "cus_1", meterID: "ai", quantity: quantity,
          at: moment))
    }
  }

  /// `value at` of what is unreported, after which it is written down as told.
  private func tell(
    _ segment: UsageSegment, until: Timestamp? = nil, as state: ReportedUse.State = .sent
  ) throws -> String? {
    try store.write { transaction in
      guard let found = try transaction.unreported(segment, until: until, at: noon) else {
        return nil
      }
      let identifier = "\(state) \(found.at.seconds) \(found.value)"
      try transaction.insert(
        .usageRecord(identifier, found, before: 0, createdAt: noon))
      try transaction.settleUsageReport(
        identifier, as: state, error: state == .failed ? "no" : nil)
      return "\(found.value) \(found.at - noon)"
    }
  }

  private let start = noon - 100
  private let end = noon + 100

  @Test func whatIsNewIsToldOnce() throws {
    let segment = try segment(start, end)
    #expect(try tell(segment) == nil)
    try record(5, at: noon - 20)
    try record(7, at: noon - 10)
    #expect(try tell(segment) == "12 -10")
    #expect(try tell(segment) == nil)
    try record(1, at: noon - 15)
    #expect(try tell(segment) == "1 -10")
  }

  @Test func whatFailedIsToldAnew() throws {
    let segment = try segment(start, end)
    try record(5, at: noon - 20)
    #expect(try tell(segment, as: .failed) == "5 -20")
    #expect(try tell(segment, as: .prepared) == "5 -20")
    #expect(try tell(segment) == nil)
  }

  @Test func theLastIsToldWhenItChanges() throws {
    let segment = try segment(start, end, .last)
    try record(5, at: noon - 20)
    #expect(try tell(segment) == "5 -20")
    try record(9, at: noon - 30)
    #expect(try tell(segment) == nil)
    try record(6, at: noon - 10)
    #expect(try tell(segment) == "6 -10")
  }

  /// The news that a period was cut in two comes after it was told of whole.
  @Test func aPeriodThatWasCutInTwoIsNotToldTwice() throws {
    try record(5, at: noon - 50)
    try record(7, at: noon + 50)
    #expect(try tell(segment(start, end)) == "12 50")
    #expect(try tell(segment(start, noon)) == nil)
    #expect(try tell(segment(noon, end)) == nil)
    try record(3, at: noon - 40)
    #expect(try tell(segment(start, noon)) == "3 -40")
    #expect(try tell(segment(noon, end)) == nil)
  }

  @Test func whatStripeTakesNoMoreIsToldUnderTheOldestMomentItTakes() throws {
    let old = noon - 40 * 86_400
    try record(5, at: old)
    #expect(try tell(segment(old - 10, end)) == "5 \(60 - 35 * 86_400)")
  }

  @Test func whatIsLaterWaits() throws {
    try record(5, at: noon - 50)
    try record(7, at: noon - 10)
    let segment = try segment(start, end)
    #expect(try tell(segment, until: noon - 30) == "5 -50")
    #expect(try tell(segment) == "7 -10")
  }
}
