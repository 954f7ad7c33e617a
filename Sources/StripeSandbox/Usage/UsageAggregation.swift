import Basics
import Foundation

/// What single uses come to: their sum, their number, the last or the largest of them.
///
/// They are added in the order of their time. Where the meter has a window, the last use of each
/// hour or day stands for the whole of it; hours and days are those of UTC.
struct UsageAggregation {
  enum Formula: String { case sum, count, last, max }

  private let formula: Formula
  private let windowSeconds: Int64?
  private var window: (number: Int64, value: Decimal)?
  private var total: Decimal = 0

  init(_ formula: Formula, windowSeconds: Int64? = nil) {
    (self.formula, self.windowSeconds) = (formula, windowSeconds)
  }

  /// That of a billing meter.
  init(meter: JSONObject) {
    let formula = meter.object("default_aggregation")?.string("formula")
    self.init(
      formula.flatMap { Formula(rawValue: $0) } ?? .sum,
      windowSeconds: meter.string("event_time_window").flatMap { Self.seconds(of: $0) })
  }

  /// How long an hour or a day is.
  static func seconds(of window: String) -> Int64? {
    switch window {
    case "hour": 3600
    case "day": 86_400
    default: nil
    }
  }

  mutating func add(_ value: Decimal, at moment: Timestamp) {
    guard let windowSeconds else { return count(value) }
    let number = moment.seconds / windowSeconds
    if let window, window.number != number { count(window.value) }
    window = (number, value)
  }

  /// What all that was added comes to.
  var result: Decimal {
    var whole = self
    if let window { whole.count(window.value) }
    return whole.total
  }

  private mutating func count(_ value: Decimal) {
    switch formula {
    case .sum: total += value
    case .count: total += 1
    case .last: total = value
    case .max: total = Swift.max(total, value)
    }
  }
}
