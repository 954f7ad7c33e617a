import Basics
import Testing

@Suite(.tags(.unit)) struct TimestampTests {
  @Test(arguments: [
    ("2026-11-20", 1_795_132_800),
    ("2026-11-20T10:00:00Z", 1_795_168_800),
    ("2026-11-20T10:00:00z", 1_795_168_800),
    ("2026-11-20 10:00", 1_795_168_800),
    ("2026-11-20T10:00:00", 1_795_168_800),
    ("2026-11-20T10:00:00.999999999Z", 1_795_168_800),
    ("2026-11-20T10:00:00+02:00", 1_795_161_600),
    ("2026-11-20T10:00:00-0330", 1_795_181_400),
    ("2024-02-29T23:59:59Z", 1_709_251_199),
    ("1969-12-31T23:59:59Z", -1),
    ("0001-01-01", -62_135_596_800),
    ("9999-12-31T23:59:59Z", 253_402_300_799),
    ("0", 0),
    ("-86400", -86_400),
    ("1795168800", 1_795_168_800),
  ])
  func reads(text: String, seconds: Int64) {
    #expect(Timestamp(parsing: text)?.seconds == seconds)
  }

  @Test(arguments: [
    "", " ", "tomorrow", "2026-11", "2026-1-2", "2026-02-29", "1900-02-29", "2026-04-31",
    "2026-13-01", "2026-00-10", "2026-01-00", "0000-01-01", "2026-11-20T", "2026-11-20T10",
    "2026-11-20T24:00:00Z", "2026-11-20T10:60", "2026-11-20T10:00:60Z", "2026-11-20T10:00:00.Z",
    "2026-11-20T10:00:00.1234567890Z", "2026-11-20T10:00:00+24:00", "2026-11-20T10:00:00+02:60",
    "2026-11-20T10:00:00+2", "2026-11-20Z", "2026-11-20T10:00:00ZZ", "+5", "1e3", "1.5",
    "253402300800", "-62135596801", "9223372036854775807", "9223372036854775808",
    "２０２６-11-20", "2026-11-20T１０:00:00Z", "2026-11-20\n", " 2026-11-20",
  ])
  func refuses(text: String) {
    #expect(Timestamp(parsing: text) == nil)
  }

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
      (784_111_777, "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 GMT"),
      (-1, "1969-12-31T23:59:59Z", "Wed, 31 Dec 1969 23:59:59 GMT"),
      (951_782_400, "2000-02-29T00:00:00Z", "Tue, 29 Feb 2000 00:00:00 GMT"),
      (.min, "0001-01-01T00:00:00Z", "Mon, 01 Jan 0001 00:00:00 GMT"),
      (.max, "9999-12-31T23:59:59Z", "Fri, 31 Dec 9999 23:59:59 GMT"),
    ] as [(Int64, String, String)])
  func writes(seconds: Int64, iso: String, http: String) {
    let moment = Timestamp(seconds)
    #expect(moment.iso8601 == iso)
    #expect(moment.description == iso)
    #expect(moment.iso8601Date == String(iso.prefix(10)))
    #expect(moment.httpDate == http)
    #expect(Timestamp(parsing: iso) == moment)
    #expect(Timestamp(httpDate: http) == moment)
  }

  @Test(arguments: [
    "", "Sun, 6 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
    "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 31 Nov 1994 08:49:37 GMT",
    "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT ",
    "Sun, 06 Nov 1994 08:49:37.5 GMT",
  ])
  func refusesOtherHTTPDates(text: String) {
    #expect(Timestamp(httpDate: text) == nil)
  }

  @Test func arithmeticStopsAtTheEdges() {
    #expect(Timestamp(10) + 5 == Timestamp(15))
    #expect(Timestamp(10) - 15 == Timestamp(-5))
    #expect(Timestamp(10) - Timestamp(15) == -5)
    #expect(Timestamp(10) + Int64.max == .latest)
    #expect(Timestamp(-10) + Int64.min == .earliest)
    #expect(Timestamp(10) - Int64.min == .latest)
    #expect(Timestamp(-10) - Int64.max == .earliest)
    #expect(Timestamp(.max) - Timestamp(.min) == 315_537_897_599)
    #expect(Timestamp.earliest < .latest)
    #expect(Timestamp.systemNow() > Timestamp(1_700_000_000))
  }
}

@Suite(.tags(.unit)) struct CivilTimeTests {
  /// Counts days one by one, as on a wall calendar, and compares.
  @Test func agreesWithANaiveDayCounter() {
    var (year, month, day) = (1895, 1, 1)
    let start = CivilTime(year: 1895, month: 1, day: 1).daysSinceEpoch
    #expect(start == -27_393)
    for number in start..<(start + 80_000) {
      let civil = CivilTime(year: year, month: month, day: day, hour: 23, minute: 59, second: 58)
      #expect(civil.daysSinceEpoch == number)
      #expect(CivilTime(civil.timestamp) == civil)
      #expect(civil.isValid)
      day += 1
      let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      if day > lengths[month - 1] { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
    }
  }

  @Test(arguments: [
    ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"),
    ("2000-01-31", 1, "2000-02-29"), ("1900-01-31", 1, "1900-02-28"),
    ("2026-01-31", 3, "2026-04-30"), ("2026-03-31", -1, "2026-02-28"),
    ("2026-12-15", 1, "2027-01-15"), ("2026-01-15", -1, "2025-12-15"),
    ("2024-02-29", 12, "2025-02-28"), ("2024-02-29", 48, "2028-02-29"),
    ("2026-05-31", 0, "2026-05-31"), ("2026-05-31", -2400, "1826-05-31"),
    ("2026-05-31", Int.max, "9999-12-31"), ("2026-05-31", Int.min, "0001-01-01"),
  ])
  func addsMonths(from: String, months: Int, to: String) throws {
    let start = try #require(Timestamp(parsing: from))
    #expect(CivilTime(start).adding(months: months).timestamp.iso8601Date == to)
  }

  @Test func knowsWhatDoesNotExist() {
    let base = CivilTime(year: 2026, month: 2, day: 28, hour: 23, minute: 59, second: 59)
    let wrong: [(WritableKeyPath<CivilTime, Int>, [Int])] = [
      (\.year, [0, -1, 10_000]), (\.month, [0, 13, Int.max]), (\.day, [0, 29, -1]),
      (\.hour, [-1, 24]), (\.minute, [-1, 60]), (\.second, [-1, 60]),
    ]
    #expect(base.isValid)
    for (path, values) in wrong {
      for value in values {
        var changed = base
        changed[keyPath: path] = value
        #expect(!changed.isValid)
      }
    }
  }
}

@Suite(.tags(.unit)) struct TimeSpanTests {
  @Test(
    arguments: [
      ("30s", 0, 30), ("15m", 0, 900), ("12h", 0, 43_200), ("3d", 0, 259_200),
      ("2 weeks", 0, 1_209_600), ("1 month", 1, 0), ("1mo", 1, 0), ("1y", 12, 0),
      ("1 month 3 days", 1, 259_200), ("1d12h", 0, 129_600), (" 5 MIN ", 0, 300), ("0s", 0, 0),
      ("1000y", 12_000, 0), ("365000d", 0, 31_536_000_000),
    ] as [(String, Int, Int64)])
  func reads(text: String, months: Int, seconds: Int64) {
    #expect(TimeSpan(parsing: text) == TimeSpan(months: months, seconds: seconds))
  }

  @Test(arguments: [
    "", " ", "5", "d", "-1d", "+1d", "1.5h", "1 fortnight", "1d 2", "1d,2h", "1001y", "365001d",
    "99999999999999999999s", "٣d", String(repeating: "31536000000w", count: 1000),
    String(repeating: "31536000000y", count: 1000),
  ])
  func refuses(text: String) {
    #expect(TimeSpan(parsing: text) == nil)
  }

  @Test func movesAMoment() throws {
    let moment = try #require(Timestamp(parsing: "2026-01-31T10:00:00Z"))
    let span = TimeSpan(months: 1, seconds: 86_400)
    #expect((moment + span).iso8601 == "2026-03-01T10:00:00Z")
    #expect((moment - span).iso8601 == "2025-12-30T10:00:00Z")
    #expect(moment + TimeSpan(months: .max, seconds: .max) == .latest)
    #expect(moment - TimeSpan(months: .min, seconds: .min) == .latest)
  }
}
