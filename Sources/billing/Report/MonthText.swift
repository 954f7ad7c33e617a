import Basics

/// Months in words.
enum MonthText {
  private static let names = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  /// `Nov`
  static func short(_ moment: Timestamp) -> String {
    String(names[CivilTime(moment).month - 1].prefix(3))
  }

  /// `November 2026`
  static func long(_ moment: Timestamp) -> String {
    let civil = CivilTime(moment)
    return "\(names[civil.month - 1]) \(civil.year)"
  }
}
