package import Basics

extension Metrics {
  /// The last moments of twelve months, the last of them the one in which a moment lies, up to it.
  package static func monthEnds(until end: Timestamp, count: Int = 12) -> [Timestamp] {
    let civil = CivilTime(end)
    let month = CivilTime(year: civil.year, month: civil.month, day: 1)
    return (0..<count).reversed().map { back in
      back == 0 ? end : month.adding(months: 1 - back).timestamp - 1
    }
  }
}
