import Basics
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct BillingPeriodsTests {
  private func moment(_ text: String) throws -> Timestamp {
    try #require(Timestamp(parsing: text))
  }

  private func history(
    _ id: String = "sub_1", from: String, until: String? = nil, months: Int? = 1,
    known: [(String, String)]
  ) throws -> BillingPeriods.History {
    BillingPeriods.History(
      subscriptionID: id, from: try moment(from), until: try until.map { try moment($0) },
      step: months.map { TimeSpan(months: $0) },
      known: try known.map {
        BillingPeriod(start: try moment($0), end: try moment($1), subscriptionID: id)
      })
  }

  /// `start..end subscription`, of a moment.
  private func words(_ periods: BillingPeriods, at text: String) throws -> String {
    let period = periods.period(at: try moment(text))
    return "\(period.start.iso8601Date)..\(period.end.iso8601Date) \(period.subscriptionID ?? "-")"
  }

  @Test(arguments: [
    ("2026-11-20", "2026-11-01..2026-12-01 -"), ("2026-12-01", "2026-12-01..2027-01-01 -"),
    ("2028-02-29", "2028-02-01..2028-03-01 -"),
  ])
  func withoutASubscriptionMonthsOfTheCalendar(_ at: String, _ period: String) throws {
    #expect(try words(BillingPeriods([]), at: at) == period)
  }

  @Test(arguments: [
    // Before it begins, the month is cut.
    ("2026-10-15", "2026-10-01..2026-10-31 -"),
    // Not seen, so reckoned back from the first that was.
    ("2026-11-05", "2026-10-31..2026-11-30 sub_1"),
    ("2026-12-30", "2026-11-30..2026-12-31 sub_1"),
    // Reckoned on from the last boundary, whose day is the 31st.
    ("2027-01-15", "2026-12-31..2027-01-31 sub_1"), ("2027-02-15", "2027-01-31..2027-02-28 sub_1"),
    ("2027-03-10", "2027-02-28..2027-03-20 sub_1"),
    ("2027-03-20", "2027-03-20..2027-04-01 -"), ("2027-04-20", "2027-04-01..2027-05-01 -"),
  ])
  func aSubscriptionsOwn(_ at: String, _ period: String) throws {
    let periods = BillingPeriods([
      try history(
        from: "2026-10-31", until: "2027-03-20", known: [("2026-11-30", "2026-12-31")])
    ])
    #expect(try words(periods, at: at) == period)
  }

  /// An upgrade begins a new period before the old one is over.
  @Test func aPeriodThatBeganEarlyCutsTheOneBefore() throws {
    let periods = BillingPeriods([
      try history(
        from: "2026-11-01",
        known: [("2026-11-01", "2026-12-01"), ("2026-11-20", "2027-11-20")])
    ])
    #expect(try words(periods, at: "2026-11-19") == "2026-11-01..2026-11-20 sub_1")
    #expect(try words(periods, at: "2026-11-20") == "2026-11-20..2027-11-20 sub_1")
    let before = periods.period(before: periods.period(at: try moment("2026-12-24")))
    #expect(before.start == Timestamp(parsing: "2026-11-01"))
  }

  @Test func whatWasMissedBetweenIsReckoned() throws {
    let periods = BillingPeriods([
      try history(
        from: "2026-01-10",
        known: [("2026-01-10", "2026-02-10"), ("2026-05-05", "2026-06-05")])
    ])
    #expect(try words(periods, at: "2026-03-15") == "2026-03-10..2026-04-10 sub_1")
    #expect(try words(periods, at: "2026-04-20") == "2026-04-10..2026-05-05 sub_1")
  }

  @Test func oneAfterAnotherAndBesideAnother() throws {
    let first = try history(
      from: "2026-01-10", until: "2026-02-20", known: [("2026-01-10", "2026-02-10")])
    let second = try history(
      "sub_2", from: "2026-02-25", known: [("2026-02-25", "2026-03-25")])
    let beside = try history(
      "sub_3", from: "2026-03-01", known: [("2026-03-01", "2026-04-01")])
    let periods = BillingPeriods([beside, second, first])
    #expect(try words(periods, at: "2026-02-15") == "2026-02-10..2026-02-20 sub_1")
    #expect(try words(periods, at: "2026-02-22") == "2026-02-20..2026-02-25 -")
    #expect(try words(periods, at: "2026-03-10") == "2026-02-25..2026-03-25 sub_2")
  }

  /// What has no interval, and what lies too far, is a month of the calendar.
  @Test func whereNothingCanBeReckoned() throws {
    let periods = BillingPeriods([
      try history(from: "2026-01-10", months: nil, known: [("2026-01-10", "2026-02-10")])
    ])
    #expect(try words(periods, at: "2026-02-15") == "2026-02-01..2026-03-01 -")
    let daily = BillingPeriods([
      try history(from: "2026-01-10", months: 0, known: [("2026-01-10", "2026-02-10")])
    ])
    #expect(try words(daily, at: "2026-02-15") == "2026-02-01..2026-03-01 -")
  }
}
