import Basics

/// How often a recurring price is billed.
struct BillingInterval: Hashable, Sendable {
  enum Unit: String, Sendable { case day, week, month, year }

  let unit: Unit
  let count: Int

  init(_ unit: Unit, _ count: Int = 1) { (self.unit, self.count) = (unit, count) }

  /// Reads a price's `recurring`; nil for one-time prices.
  init?(price: JSONObject) {
    guard let recurring = price.object("recurring"),
      let unit = recurring.string("interval").flatMap({ Unit(rawValue: $0) }),
      let count = recurring.integer("interval_count"), (1...1095).contains(count)
    else { return nil }
    self.init(unit, Int(count))
  }

  /// The moment that many intervals after an anchor: every one is reckoned from the anchor itself,
  /// so that January 31st is followed by February 28th and that by March 31st.
  func boundary(_ number: Int, after anchor: Timestamp) -> Timestamp {
    switch unit {
    case .day: anchor + Int64(number * count) * 86_400
    case .week: anchor + Int64(number * count) * 604_800
    case .month: CivilTime(anchor).adding(months: number * count).timestamp
    case .year: CivilTime(anchor).adding(months: number * count * 12).timestamp
    }
  }

  /// About how many seconds it lasts; never more than it does.
  private var leastSeconds: Int64 {
    switch unit {
    case .day: Int64(count) * 86_400
    case .week: Int64(count) * 604_800
    case .month: Int64(count) * 28 * 86_400
    case .year: Int64(count) * 365 * 86_400
    }
  }

  /// The period of the anchor's grid in which a moment lies.
  func period(containing moment: Timestamp, anchor: Timestamp) -> BillingPeriod {
    var number = Int(((moment - anchor) / leastSeconds))
    while boundary(number, after: anchor) > moment { number -= 1 }
    while boundary(number + 1, after: anchor) <= moment { number += 1 }
    return BillingPeriod(
      start: boundary(number, after: anchor), end: boundary(number + 1, after: anchor))
  }
}

/// The time that one charge pays for.
struct BillingPeriod: Hashable, Sendable {
  var start: Timestamp
  var end: Timestamp

  var seconds: Int64 { end - start }

  /// The seconds that are left at a moment.
  func remaining(at moment: Timestamp) -> Int64 { min(max(end - moment, 0), seconds) }

  var json: JSON { ["end": .time(end), "start": .time(start)] }
}
