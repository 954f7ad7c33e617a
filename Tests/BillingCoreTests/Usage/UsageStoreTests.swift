import Basics
import GRDB
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct UsageStoreTests {
  let store: Store
  init() throws { store = try Store.inMemory(now: { noon }) }

  private func event(
    _ id: String, _ quantity: Int64 = 1, at moment: Timestamp = noon, covered: Int64 = 0,
    customer: String = "cus_1", meter: String = "ai",
    request: UsageEvent.Request = UsageEvent.Request()
  ) -> UsageEvent {
    UsageEvent(
      id: id, customerID: customer, meterID: meter, quantity: quantity, at: moment,
      covered: covered, request: request)
  }

  @discardableResult
  private func record(_ event: UsageEvent, comparesTime: Bool = true) throws -> UsageOutcome {
    try store.write { try $0.recordUsage(event, comparesTime: comparesTime) }
  }

  private func apply(_ json: JSON, at age: Timestamp = noon) throws {
    let snapshot = try #require(Snapshot(json, origin: .response, asOf: age, cause: "op_1"))
    try store.write { _ = try StripeMirror.sample.apply(snapshot, in: $0) }
  }

  /// `sum/count/last` of each window at a moment.
  private func used(
    at moment: Timestamp = noon, customer: String = "cus_1", meter: String = "ai"
  ) throws -> [String] {
    try Limit.Window.allCases.map { window in
      let total = try store.read {
        try $0.usage(of: meter, by: customer, in: window, at: moment)
      }
      return "\(window): "
        + MeterDefinition.Aggregation.allCases.map { "\(total.used($0))" }
        .joined(separator: "/")
    }
  }

  @Test func eachWindowCountsItsOwn() throws {
    try record(event("a", 2, at: noon - 3 * 86_400))
    try record(event("b", 5, at: noon - 25 * 86_400))
    try record(event("c", 3))
    try record(event("d", 100, customer: "cus_2"))
    try record(event("e", 100, meter: "storage"))
    #expect(try used() == ["day: 3/1/3", "month: 5/2/3", "period: 5/2/3", "lifetime: 10/3/3"])
    #expect(
      try used(at: noon - 25 * 86_400) == [
        "day: 5/1/5", "month: 5/1/5", "period: 5/1/5", "lifetime: 10/3/3",
      ])
    #expect(try used(customer: "cus_3").first == "day: 0/0/0")
  }

  /// What comes late is the last only by its own time.
  @Test func theLastIsTheLastByItsTime() throws {
    try record(event("a", 7, at: noon - 10))
    try record(event("b", 5, at: noon - 60))
    #expect(try used().first == "day: 12/2/7")
    try record(event("c", 4, at: noon - 10))
    #expect(try used().first == "day: 16/3/4")
  }

  @Test func anIDIsOneEvent() throws {
    let request = UsageEvent.Request(
      keyID: "k", endpoint: "/v1", method: "GET", statusCode: 200, responseTimeMilliseconds: 12)
    let first = event("a", 2, request: request)
    #expect(try record(first) == .recorded)
    #expect(try record(first) == .duplicate(first))
    var later = first
    later.at = noon + 5
    #expect(try record(later, comparesTime: false) == .duplicate(first))
    #expect(try record(later) == .conflict(first, fields: ["timestamp"]))
    #expect(
      try record(event("a", 3, customer: "cus_2", meter: "storage"))
        == .conflict(
          first,
          fields: [
            "customer", "meter", "quantity", "key_id", "endpoint", "method", "status_code",
            "response_time_ms",
          ]))
    #expect(try used().first == "day: 2/1/2")
    #expect(try store.read { try $0.usageEvent("a") } == first)
    #expect(try store.read { try $0.usageEvent("b") } == nil)
  }

  @Test func moreThanCanBeCountedIsRefused() throws {
    #expect(try record(event("a", .max)) == .recorded)
    #expect(try record(event("b", 1)) == .overflow)
    #expect(try record(event("c", 0)) == .recorded)
    #expect(try record(event("a", .max)) == .duplicate(event("a", .max)))
    #expect(try used().last == "lifetime: \(Int64.max)/2/0")
  }

  /// What tokens paid for is written down, and no plan is charged with it.
  @Test func whatTokensPaidForIsNotCharged() throws {
    try record(event("a", 3))
    try record(event("b", 4, covered: 3))
    try record(event("c", 2, covered: 2))
    #expect(try used().first == "day: 4/2/1")
    #expect(try store.read { try $0.usageEvent("c") }?.covered == 2)
  }

  @Test(arguments: [
    "UPDATE usage_events SET quantity = 0", "DELETE FROM usage_events",
    "UPDATE usage_totals SET quantity = -1",
    "INSERT INTO usage_events (id, series, quantity, at, covered, created_at) "
      + "VALUES ('x', 1, -1, 0, 0, 0)",
    "INSERT INTO usage_events (id, series, quantity, at, covered, created_at) "
      + "VALUES ('x', 1, 1, 0, 2, 0)",
    "INSERT INTO usage_events (id, series, quantity, at, covered, created_at) "
      + "VALUES ('x', 99, 1, 0, 0, 0)",
  ])
  func whatWasUsedStays(_ sql: String) throws {
    try record(event("a", 3))
    #expect(throws: (any Error).self) {
      try store.write { try $0.database.execute(sql: sql) }
    }
    #expect(try used().first == "day: 3/1/3")
  }

  // MARK: Periods

  private static let start = Timestamp(1_795_000_000)
  private static let end = Timestamp(1_797_592_000)

  private func subscription(
    from start: Timestamp, to end: Timestamp, changing changes: JSONObject = [:]
  ) -> JSON {
    var changes = changes
    changes["items"] = [
      "object": "list", "has_more": false,
      "data": [
        [
          "id": "si_1", "object": "subscription_item", "price": Sample.price(), "quantity": 1,
          "current_period_start": .integer(start.seconds),
          "current_period_end": .integer(end.seconds), "metadata": [:],
        ]
      ],
    ]
    return Sample.subscription(changing: changes)
  }

  private func period(at moment: Timestamp) throws -> BillingPeriod {
    try store.read { try $0.billingPeriods(ofCustomer: "cus_1") }.period(at: moment)
  }

  @Test func aPeriodIsTheSubscriptionsOwn() throws {
    try apply(Sample.subscription())
    #expect(
      try period(at: noon)
        == BillingPeriod(start: Self.start, end: Self.end, subscriptionID: "sub_1"))
    try record(event("a", 2))
    try record(event("b", 3, at: Self.start - 1))
    try record(event("c", 4, at: Self.end))
    #expect(try used()[2] == "period: 2/1/2")
    #expect(try used(at: Self.end)[2] == "period: 4/1/4")
    #expect(try used(at: Self.start - 1)[2] == "period: 3/1/3")
  }

  /// The news of a subscription comes after the use in it: what was counted in the month moves.
  @Test func whatLiesInANewPeriodIsCountedThere() throws {
    try record(event("a", 2, at: Self.start - 10))
    try record(event("b", 3, at: Self.start + 10))
    try record(event("c", 4, at: Self.start + 20))
    #expect(try used()[2] == "period: 9/3/4")
    try apply(Sample.subscription())
    #expect(try used()[2] == "period: 7/2/4")
    #expect(try used(at: Self.start - 10)[2] == "period: 2/1/2")
    // A change of the interval begins a new one at once.
    let upgrade = Self.start + 15
    try apply(subscription(from: upgrade, to: Self.end + 99), at: noon + 1)
    #expect(try used()[2] == "period: 4/1/4")
    #expect(try used(at: Self.start + 1)[2] == "period: 3/1/3")
    // Cancelled at once, it leaves the rest of the month.
    try apply(
      subscription(
        from: upgrade, to: Self.end + 99,
        changing: ["status": "canceled", "ended_at": .integer(Self.start.seconds + 18)]),
      at: noon + 2)
    #expect(try period(at: noon).start == Self.start + 18)
    #expect(try used()[2] == "period: 4/1/4")
    #expect(try used(at: upgrade)[2] == "period: 0/0/0")
    #expect(try used()[3] == "lifetime: 9/3/4")
  }

  /// A renewal that is heard of late finds what was used in it already counted there.
  @Test func aRenewalIsForeseen() throws {
    try apply(Sample.subscription())
    try record(event("a", 2, at: Self.end + 5))
    let next = Self.end + TimeSpan(months: 1)
    try apply(subscription(from: Self.end, to: next), at: noon + 1)
    try record(event("b", 3, at: Self.end + 9))
    #expect(try used(at: Self.end)[2] == "period: 5/2/3")
    // A longer trial moves the end alone.
    try apply(subscription(from: Self.end, to: next + 86_400), at: noon + 2)
    #expect(try period(at: next).end == next + 86_400)
    #expect(try used(at: next)[2] == "period: 5/2/3")
  }

  @Test func whatNeverRanHasNoPeriods() throws {
    try apply(Sample.subscription(status: "incomplete"))
    #expect(try period(at: noon).subscriptionID == nil)
    try record(event("a", 2))
    try apply(Sample.subscription(), at: noon + 1)
    #expect(try period(at: noon).subscriptionID == "sub_1")
    #expect(try used()[2] == "period: 2/1/2")
  }

  /// What tokens paid for is in no total, recounted or not.
  @Test func aRecountLeavesOutWhatTokensPaidFor() throws {
    try record(event("a", 2))
    try record(event("b", 5, at: noon + 1, covered: 5))
    try record(event("c", 5, at: noon + 1, covered: 2))
    try apply(Sample.subscription(), at: noon + 2)
    #expect(try used()[2] == "period: 5/2/3")
  }

  /// The news of another process reaches who counts on.
  @Test func aBookLearnsOfOthersChanges() throws {
    let folder = try TemporaryFolder()
    let first = try Store.open(at: folder.path + "/billing.db", now: { noon })
    let second = try Store.open(at: folder.path + "/billing.db", now: { noon })
    var book = UsageBook()
    func record(_ event: UsageEvent) throws {
      try first.write { transaction in
        try book.begin(transaction)
        _ = try book.record(event, comparesTime: true, in: transaction)
        try book.close(transaction)
      }
    }
    try record(event("a", 2, at: Self.start + 10))
    let snapshot = try #require(
      Snapshot(Sample.subscription(), origin: .response, asOf: noon, cause: "op_1"))
    try second.write { _ = try StripeMirror.sample.apply(snapshot, in: $0) }
    try record(event("b", 3, at: Self.start + 20))
    let total = try second.read { try $0.usage(of: "ai", by: "cus_1", in: .period, at: noon) }
    #expect(total.used(.sum) == 5)
    #expect(
      try second.read { try $0.usage(of: "ai", by: "cus_1", in: .lifetime, at: noon) }?.events == 2)
  }
}
