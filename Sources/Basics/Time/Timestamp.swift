private import Foundation

/// A moment in whole seconds since 1970-01-01T00:00:00Z, the resolution in which Stripe tells time.
package struct Timestamp: Sendable, Hashable, Comparable {
  package let seconds: Int64

  /// What lies outside the years 1 to 9999 is moved to their edge, so that no number from outside
  /// can break the arithmetic.
  package init(_ seconds: Int64) {
    self.seconds = min(max(seconds, -62_135_596_800), 253_402_300_799)
  }

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.seconds < right.seconds
  }

  /// The first second of the year 1 and the last one of the year 9999.
  package static let earliest = Timestamp(.min)
  package static let latest = Timestamp(.max)

  package static func + (moment: Timestamp, seconds: Int64) -> Timestamp {
    let (sum, overflow) = moment.seconds.addingReportingOverflow(seconds)
    return overflow ? (seconds < 0 ? earliest : latest) : Timestamp(sum)
  }

  package static func - (moment: Timestamp, seconds: Int64) -> Timestamp {
    let (difference, overflow) = moment.seconds.subtractingReportingOverflow(seconds)
    return overflow ? (seconds < 0 ? latest : earliest) : Timestamp(difference)
  }

  /// Seconds from the right moment to the left one.
  package static func - (left: Timestamp, right: Timestamp) -> Int64 {
    left.seconds - right.seconds
  }

  /// The machine's clock. Only the executable's `Context` asks it; all else is told the time.
  package static func systemNow() -> Timestamp {
    Timestamp(Int64(Date().timeIntervalSince1970.rounded(.down)))
  }
}
