private import Foundation

/// A moment in whole seconds since 1970-01-01T00:00:00Z, the resolution in which Stripe tells time.
package struct Timestamp: Sendable, Hashable, Comparable {
  package let seconds: Int64

  package init(_ seconds: Int64) { self.seconds = seconds }

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.seconds < right.seconds
  }

  /// The range in which calendar arithmetic is safe: years 1 to 9999.
  package static let earliest = Timestamp(-62_135_596_800)
  package static let latest = Timestamp(253_402_300_799)

  package static func + (moment: Timestamp, seconds: Int64) -> Timestamp {
    Timestamp(min(max(moment.seconds &+ seconds, earliest.seconds), latest.seconds))
  }

  package static func - (moment: Timestamp, seconds: Int64) -> Timestamp { moment + -seconds }

  /// Seconds from the right moment to the left one.
  package static func - (left: Timestamp, right: Timestamp) -> Int64 {
    left.seconds - right.seconds
  }

  /// The machine's clock. Only the executable's `Context` asks it; all else is told the time.
  package static func systemNow() -> Timestamp {
    Timestamp(Int64(Date().timeIntervalSince1970.rounded(.down)))
  }
}

// MARK: Text

extension Timestamp {
  /// ISO 8601 in UTC: `2026-11-20T10:00:00Z`.
  package var iso8601: String {
    let civil = CivilTime(self)
    let date = "\(padded(civil.year, 4))-\(padded(civil.month, 2))-\(padded(civil.day, 2))"
    let time = "\(padded(civil.hour, 2)):\(padded(civil.minute, 2)):\(padded(civil.second, 2))"
    return "\(date)T\(time)Z"
  }

  /// The day in UTC: `2026-11-20`.
  package var iso8601Date: String { String(iso8601.prefix(10)) }

  /// Reads `2026-11-20`, `2026-11-20T10:00:00Z`, `2026-11-20T10:00:00.5+02:00` (a fraction is cut
  /// off; without an offset: UTC) or unix seconds; nil for all else, impossible dates included.
  package init?(parsing text: String) {
    if let seconds = Int64(text), text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }) {
      guard (Self.earliest.seconds...Self.latest.seconds).contains(seconds) else { return nil }
      self.init(seconds)
      return
    }
    let pattern =
      /(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|z|[+-]\d\d:?\d\d)?)?/
    guard let match = text.wholeMatch(of: pattern)?.output,
      let year = Int(match.1), let month = Int(match.2), let day = Int(match.3)
    else { return nil }
    let part = { (text: Substring?) in text.flatMap { Int($0) } ?? 0 }
    let civil = CivilTime(
      year: year, month: month, day: day,
      hour: part(match.4), minute: part(match.5), second: part(match.6))
    guard civil.isValid, let offset = Self.offsetSeconds(match.7) else { return nil }
    self = civil.timestamp - offset
  }

  private static func offsetSeconds(_ text: Substring?) -> Int64? {
    guard let text, text.lowercased() != "z" else { return 0 }
    let digits = text.dropFirst().filter { $0 != ":" }
    guard let hours = Int64(digits.prefix(2)), let minutes = Int64(digits.suffix(2)),
      hours < 24, minutes < 60
    else { return nil }
    return (text.first == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
  }

  /// Reads the date of an HTTP header (RFC 9110, the fixed form):
  /// `Sun, 06 Nov 1994 08:49:37 GMT`.
  package init?(httpDate text: String) {
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let pattern = /\w{3}, (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT/
    guard let match = text.wholeMatch(of: pattern)?.output,
      let month = months.firstIndex(of: String(match.2)),
      let day = Int(match.1), let year = Int(match.3),
      let hour = Int(match.4), let minute = Int(match.5), let second = Int(match.6)
    else { return nil }
    let civil = CivilTime(
      year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
    guard civil.isValid else { return nil }
    self = civil.timestamp
  }

  /// The date as an HTTP header writes it.
  package var httpDate: String {
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let civil = CivilTime(self)
    let weekday = days[((civil.daysSinceEpoch % 7) + 7) % 7]
    let date = "\(padded(civil.day, 2)) \(months[civil.month - 1]) \(padded(civil.year, 4))"
    let time = "\(padded(civil.hour, 2)):\(padded(civil.minute, 2)):\(padded(civil.second, 2))"
    return "\(weekday), \(date) \(time) GMT"
  }
}

extension Timestamp: CustomStringConvertible {
  package var description: String { iso8601 }
}

private func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
