package import Basics

/// What the events of one customer and meter come to in a stretch of time.
package struct UsageTotal: Sendable, Hashable {
  package private(set) var events: Int64
  /// The sum of what the plan is charged with.
  package private(set) var quantity: Int64
  /// What the last event by its time said; of several of one second what came last.
  package private(set) var lastQuantity: Int64
  package private(set) var lastAt: Timestamp

  package init(events: Int64, quantity: Int64, lastQuantity: Int64, lastAt: Timestamp) {
    self.events = events
    self.quantity = quantity
    self.lastQuantity = lastQuantity
    self.lastAt = lastAt
  }

  /// That of no event.
  static let nothing = UsageTotal(events: 0, quantity: 0, lastQuantity: 0, lastAt: .earliest)

  /// That of one event alone.
  init(charged: Int64, at moment: Timestamp) {
    self.init(events: 1, quantity: charged, lastQuantity: charged, lastAt: moment)
  }

  /// The two together; `later` came later where both ended in the same second. The caller knows that
  /// the sum fits.
  mutating func add(_ later: UsageTotal) {
    events += later.events
    quantity += later.quantity
    if later.lastAt >= lastAt { (lastQuantity, lastAt) = (later.lastQuantity, later.lastAt) }
  }

  /// How much was used, as a meter counts.
  package func used(_ aggregation: MeterDefinition.Aggregation) -> Int64 {
    switch aggregation {
    case .sum: quantity
    case .count: events
    case .last: lastQuantity
    }
  }
}

extension UsageTotal? {
  /// The same, where without an event nothing was used.
  package func used(_ aggregation: MeterDefinition.Aggregation) -> Int64 {
    self?.used(aggregation) ?? 0
  }
}

/// Of which stretches of time totals are kept, in the order of their table.
enum UsageSpan: String, Sendable, CaseIterable {
  case day, lifetime, period
}

extension Timestamp {
  /// The first second of its day, in UTC.
  var dayStart: Timestamp {
    let remainder = seconds % 86_400
    return Timestamp(seconds - (remainder < 0 ? remainder + 86_400 : remainder))
  }

  /// The first second of its month, in UTC.
  var monthStart: Timestamp {
    let civil = CivilTime(self)
    return CivilTime(year: civil.year, month: civil.month, day: 1).timestamp
  }
}
