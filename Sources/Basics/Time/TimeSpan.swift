/// A length of time as people write it: `30s`, `15m`, `12h`, `3d`, `2 weeks`, `1 month`, `1y`.
///
/// Months and years follow the calendar, so they are kept apart from seconds.
package struct TimeSpan: Sendable, Hashable {
  package var months: Int = 0
  package var seconds: Int64 = 0

  package init(months: Int = 0, seconds: Int64 = 0) {
    (self.months, self.seconds) = (months, seconds)
  }

  /// Reads one or more pairs of a whole number and a unit (`1 month 3 days`, `1d12h`); nil for
  /// anything else, and for more than a thousand years. `m` is minutes.
  package init?(parsing text: String) {
    var span = TimeSpan()
    var rest = Substring(text)
    while true {
      rest = rest.drop { $0 == " " }
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count).drop { $0 == " " }
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard let count = Int64(digits), count <= 31_536_000_000 else { return nil }
      guard span.add(count, unit: unit.lowercased()),
        span.months <= 12_000, span.seconds <= 31_536_000_000
      else { return nil }
      if rest.allSatisfy({ $0 == " " }) { break }
    }
    self = span
  }

  private mutating func add(_ count: Int64, unit: String) -> Bool {
    switch unit {
    case "s", "sec", "second", "seconds": seconds += count
    case "m", "min", "minute", "minutes": seconds += count * 60
    case "h", "hour", "hours": seconds += count * 3600
    case "d", "day", "days": seconds += count * 86_400
    case "w", "week", "weeks": seconds += count * 604_800
    case "mo", "month", "months": months += Int(count)
    case "y", "year", "years": months += Int(count) * 12
    default: return false
    }
    return true
  }

  /// In words that can be read again: `12 months`, `30 days`, `1 month 90 seconds`.
  package var words: String {
    let (count, unit) = seconds % 86_400 == 0 ? (seconds / 86_400, "day") : (seconds, "second")
    return [(Int64(months), "month"), (count, unit)].filter { $0.0 != 0 }
      .map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: " ")
  }
}

extension Timestamp {
  package static func + (moment: Timestamp, span: TimeSpan) -> Timestamp {
    CivilTime(moment).adding(months: span.months).timestamp + span.seconds
  }

  package static func - (moment: Timestamp, span: TimeSpan) -> Timestamp {
    CivilTime(moment).adding(months: 0 &- span.months).timestamp - span.seconds
  }
}
