import Basics
import Testing

@testable import StripeSandbox

@Suite struct BillingPeriodTests {
  /// From an anchor at the end of January, each month's end is reckoned from the anchor.
  @Test(.tags(.unit)) func monthEndsKeepTheAnchor() throws {
    let anchor = try #require(Timestamp(parsing: "2026-01-31T10:00:00Z"))
    let month = BillingInterval(.month)
    let ends = (1...5).map { month.boundary($0, after: anchor).iso8601Date }
    #expect(ends == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"])
    let leap = try #require(Timestamp(parsing: "2024-02-29"))
    let years = (1...4).map { BillingInterval(.year).boundary($0, after: leap).iso8601Date }
    #expect(years == ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"])
  }

  struct Case: Sendable {
    let interval: BillingInterval
    let moment: String
    let start: String
    let end: String
  }

  @Test(
    .tags(.unit),
    arguments: [
      Case(
        interval: .init(.month), moment: "2026-02-28T09:59:59Z", start: "2026-01-31",
        end: "2026-02-28"),
      Case(
        interval: .init(.month), moment: "2026-02-28T10:00:00Z", start: "2026-02-28",
        end: "2026-03-31"),
      Case(
        interval: .init(.month), moment: "2046-06-15T00:00:00Z", start: "2046-05-31",
        end: "2046-06-30"),
      Case(
        interval: .init(.month, 3), moment: "2026-06-01T00:00:00Z", start: "2026-04-30",
        end: "2026-07-31"),
      Case(
        interval: .init(.year), moment: "2026-01-31T10:00:00Z", start: "2026-01-31",
        end: "2027-01-31"),
      Case(
        interval: .init(.week), moment: "2026-02-01T00:00:00Z", start: "2026-01-31",
        end: "2026-02-07"),
      Case(
        interval: .init(.day, 10), moment: "2026-02-20T10:00:00Z", start: "2026-02-20",
        end: "2026-03-02"),
      Case(
        interval: .init(.month), moment: "2026-01-15T00:00:00Z", start: "2025-12-31",
        end: "2026-01-31"),
    ])
  func thePeriodInWhichAMomentLies(_ example: Case) throws {
    let anchor = try #require(Timestamp(parsing: "2026-01-31T10:00:00Z"))
    let moment = try #require(Timestamp(parsing: example.moment))
    let period = example.interval.period(containing: moment, anchor: anchor)
    #expect(period.start.iso8601Date == example.start)
    #expect(period.end.iso8601Date == example.end)
  }

  @Test(.tags(.unit)) func whatRemains() {
    let period = BillingPeriod(start: Timestamp(100), end: Timestamp(200))
    #expect(period.remaining(at: Timestamp(150)) == 50)
    #expect(period.remaining(at: Timestamp(50)) == 100)
    #expect(period.remaining(at: Timestamp(250)) == 0)
  }

  @Test(.tags(.unit)) func intervalsOfPrices() {
    #expect(BillingInterval(price: ["recurring": .null]) == nil)
    #expect(BillingInterval(price: ["recurring": ["interval": "eon", "interval_count": 1]]) == nil)
    let quarter: JSONObject = ["recurring": ["interval": "month", "interval_count": 3]]
    #expect(BillingInterval(price: quarter) == BillingInterval(.month, 3))
    #expect(PriceText.interval(BillingInterval(.month, 3)) == "every 3 months")
  }

  @Test(.tags(.unit)) func coursesOfChanges() {
    let (now, unchanged) = ("now", "unchanged")
    let end = Timestamp(5)
    let cases: [(SubscriptionChange.Wish, SubscriptionChange.Course)] = [
      (.init(), .samePeriod),
      (.init(endsTrial: true), .samePeriod),
      (.init(changesInterval: true), .newGrid),
      (.init(endsTrial: true, changesInterval: true), .newGrid),
      (.init(changesInterval: true, isFlexible: false), .restart),
      (.init(anchor: unchanged, changesInterval: true, isFlexible: false), .newGrid),
      (.init(anchor: now, changesInterval: true), .restart),
      (.init(anchor: now), .restart),
      (.init(anchor: unchanged), .samePeriod),
      (.init(leavesFree: true), .samePeriod),
      (.init(leavesFree: true, isFlexible: false), .restart),
      (.init(anchor: unchanged, leavesFree: true, isFlexible: false), .samePeriod),
      (.init(isTrialing: true, changesInterval: true), .trial),
      (.init(isTrialing: true, endsTrial: true), .restart),
      (.init(isTrialing: true, endsTrial: true, anchor: unchanged), .newGrid),
      (.init(isTrialing: true, anchor: now), .restart),
      (.init(trialUntil: end), .trialUntil(end)),
      (.init(isTrialing: true, trialUntil: end), .trialUntil(end)),
    ]
    for (wish, course) in cases { #expect(SubscriptionChange.course(wish) == course) }
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("incomplete", "paid", true, false, "active"),
      ("incomplete", "open", true, false, "incomplete"),
      ("incomplete", "void", true, false, "incomplete_expired"),
      ("active", "open", false, false, "past_due"), ("active", "paid", false, false, "active"),
      ("past_due", "paid", false, false, "active"), ("past_due", "paid", false, true, "past_due"),
      ("past_due", "uncollectible", false, false, "active"),
      ("unpaid", "void", false, false, "unpaid"), ("trialing", "paid", true, false, "trialing"),
      ("canceled", "paid", false, false, "canceled"),
    ])
  func statesFollowInvoices(
    _ status: String, _ invoice: String, _ isFirst: Bool, _ owesMore: Bool, _ expected: String
  ) {
    #expect(
      SubscriptionStatus.after(
        status: status, invoice: invoice, isFirst: isFirst, owesMore: owesMore) == expected)
  }
}
