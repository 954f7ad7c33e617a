// MARK: Writing

extension Timestamp {
  /// ISO 8601 in UTC: `2026-11-20T10:00:00Z`.
  package var iso8601: String {
    let civil = CivilTime(self)
    let date = "\(padded(civil.year, 4))-\(padded(civil.month, 2))-\(padded(civil.day, 2))"
    return "\(date)T\(clock(civil))Z"
  }

  /// The day in UTC: `2026-11-20`.
  package var iso8601Date: String { String(iso8601.prefix(10)) }

  /// The date as an HTTP header writes it.
  package var httpDate: String {
    let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let civil = CivilTime(self)
    let weekday = days[((civil.daysSinceEpoch % 7) + 7) % 7]
    let date = "\(padded(civil.day, 2)) \(monthNames[civil.month - 1]) \(padded(civil.year, 4))"
    return "\(weekday), \(date) \(clock(civil)) GMT"
  }
}

extension Timestamp: CustomStringConvertible {
  package var description: String { iso8601 }
}

private let monthNames = [
  "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
]

private func clock(_ civil: CivilTime) -> String {
  "\(padded(civil.hour, 2)):\(padded(civil.minute, 2)):\(padded(civil.second, 2))"
}

private func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

// MARK: Reading

extension Timestamp {
  /// Reads `2026-11-20`, `2026-11-20T10:00:00Z`, `2026-11-20T10:00:00.5+02:00` (a fraction is cut
  /// off; without an offset: UTC) or unix seconds; nil for all else, impossible dates included.
  package init?(parsing text: String) {
    if let seconds = Int64(text), text.utf8.first != UInt8(ascii: "+") {
      self.init(seconds)
      guard self.seconds == seconds else { return nil }
      return
    }
    var scanner = Scanner(text)
    guard let year = scanner.number(digits: 4), scanner.skip("-"),
      let month = scanner.number(digits: 2), scanner.skip("-"),
      let day = scanner.number(digits: 2)
    else { return nil }
    var civil = CivilTime(year: year, month: month, day: day)
    var offset: Int64 = 0
    if !scanner.isAtEnd {
      guard scanner.skip("T") || scanner.skip(" "), scanner.clock(into: &civil, fraction: true),
        let seconds = scanner.offsetSeconds()
      else { return nil }
      offset = seconds
    }
    guard scanner.isAtEnd, civil.isValid else { return nil }
    self = civil.timestamp - offset
  }

  /// Reads the date of an HTTP header (RFC 9110, the fixed form):
  /// `Sun, 06 Nov 1994 08:49:37 GMT`.
  package init?(httpDate text: String) {
    var scanner = Scanner(text)
    guard scanner.word(letters: 3) != nil, scanner.skip(", "),
      let day = scanner.number(digits: 2), scanner.skip(" "),
      let name = scanner.word(letters: 3), let month = monthNames.firstIndex(of: name),
      scanner.skip(" "), let year = scanner.number(digits: 4), scanner.skip(" ")
    else { return nil }
    var civil = CivilTime(year: year, month: month + 1, day: day)
    guard scanner.clock(into: &civil, fraction: false), scanner.skip(" GMT"), scanner.isAtEnd,
      civil.isValid
    else { return nil }
    self = civil.timestamp
  }
}

/// Reads fixed forms from left to right, in ASCII only.
private struct Scanner {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = text[...].utf8 }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func skip(_ text: StaticString) -> Bool {
    let expected = text.description.utf8
    guard rest.starts(with: expected) else { return false }
    rest = rest.dropFirst(expected.count)
    return true
  }

  mutating func number(digits count: Int) -> Int? {
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else {
      return nil
    }
    rest = rest.dropFirst(count)
    return digits.reduce(0) { $0 * 10 + Int($1 &- UInt8(ascii: "0")) }
  }

  mutating func word(letters count: Int) -> String? {
    let letters = rest.prefix(count)
    guard letters.count == count, letters.allSatisfy({ ($0 | 0x20) &- UInt8(ascii: "a") < 26 })
    else { return nil }
    rest = rest.dropFirst(count)
    return String(Substring(letters))
  }

  /// `10:00`, `10:00:59` or, with a fraction of one to nine digits, `10:00:59.25`; where fractions
  /// are no part of the form, the seconds are not optional.
  mutating func clock(into civil: inout CivilTime, fraction: Bool) -> Bool {
    guard let hour = number(digits: 2), skip(":"), let minute = number(digits: 2) else {
      return false
    }
    (civil.hour, civil.minute) = (hour, minute)
    guard skip(":") else { return fraction }
    guard let second = number(digits: 2) else { return false }
    civil.second = second
    guard fraction, skip(".") else { return true }
    let digits = rest.prefix { $0 &- UInt8(ascii: "0") < 10 }
    rest = rest.dropFirst(digits.count)
    return (1...9).contains(digits.count)
  }

  /// `Z`, `+02:00`, `-0330` or nothing, in seconds east of Greenwich.
  mutating func offsetSeconds() -> Int64? {
    if isAtEnd || skip("Z") || skip("z") { return 0 }
    let isWest = skip("-")
    guard isWest || skip("+"), let hours = number(digits: 2) else { return nil }
    _ = skip(":")
    guard let minutes = number(digits: 2), hours < 24, minutes < 60 else { return nil }
    return Int64(hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
  }
}
