/// How often a price recurs: every `count` units.
package struct BillingInterval: Sendable, Hashable {
  package enum Unit: String, Sendable, Hashable, CaseIterable {
    case day, week, month, year

    /// The longest interval that Stripe takes is three years.
    var maximumCount: Int {
      switch self {
      case .day: 1095
      case .week: 156
      case .month: 36
      case .year: 3
      }
    }

    fileprivate var approximateDays: Int {
      switch self {
      case .day: 1
      case .week: 7
      case .month: 30
      case .year: 365
      }
    }
  }

  package let unit: Unit
  package let count: Int

  /// Nil for a count that Stripe would refuse.
  package init?(_ unit: Unit, count: Int = 1) {
    guard (1...unit.maximumCount).contains(count) else { return nil }
    self.unit = unit
    self.count = count
  }

  /// Reads `month`, `year`, `quarter` (3 months) and, as in lookup keys, `3month`.
  package init?(parsing text: String) {
    if text == "quarter" {
      self.init(.month, count: 3)
      return
    }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let unit = Unit(rawValue: String(text.dropFirst(digits.count))),
      let count = digits.isEmpty ? 1 : Int(digits)
    else { return nil }
    self.init(unit, count: count)
  }

  /// The part of a lookup key: `month`, `3month`.
  package var name: String { count == 1 ? unit.rawValue : "\(count)\(unit.rawValue)" }

  /// In words: `month`, `quarter`, `2 weeks`.
  package var words: String {
    switch (unit, count) {
    case (_, 1): unit.rawValue
    case (.month, 3): "quarter"
    default: "\(count) \(unit.rawValue)s"
    }
  }

  /// After an amount: `a month`, `a quarter`, `every 2 weeks`.
  package var rateWords: String {
    "\(count == 1 || words == "quarter" ? "a" : "every") \(words)"
  }
}

extension BillingInterval: Comparable {
  /// Shorter ones first.
  package static func < (left: BillingInterval, right: BillingInterval) -> Bool {
    (left.unit.approximateDays * left.count, left.name)
      < (right.unit.approximateDays * right.count, right.name)
  }
}

extension BillingInterval: CustomStringConvertible {
  package var description: String { name }
}
