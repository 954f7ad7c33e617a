/// The values that stand at an axis: round ones, from below the lowest to above the highest.
struct AxisScale: Sendable, Hashable {
  let ticks: [Int64]

  var low: Int64 { ticks[0] }
  var high: Int64 { ticks[ticks.count - 1] }

  /// - Parameters:
  ///   - unit: what no step is smaller than.
  ///   - most: how many steps there may be between the two, about.
  init(from lowest: Int64, to highest: Int64, unit: Int64 = 1, steps most: Int64 = 5) {
    let (lowest, highest) = (min(0, lowest), max(0, highest))
    let step = Self.roundStep(atLeast: max(unit, (highest - lowest + most - 1) / most))
    let first = -((-lowest + step - 1) / step) * step
    let last = max((highest + step - 1) / step * step, first + step)
    ticks = Array(stride(from: first, through: last, by: Int64.Stride(step)))
  }

  /// 1, 2 or 5 with noughts.
  private static func roundStep(atLeast wanted: Int64) -> Int64 {
    var ten: Int64 = 1
    while true {
      for factor in [1, 2, 5] as [Int64] where ten * factor >= wanted { return ten * factor }
      ten *= 10
    }
  }

  /// How far below the top a value stands, on an axis of that length.
  func offset(of value: Int64, length: Int64) -> Int64 {
    // In 128 bits, so that no amount is too large.
    let (above, range) = (UInt64(max(0, high - value)), UInt64(high - low))
    let product = above.multipliedFullWidth(by: UInt64(length))
    return min(length, Int64(range.dividingFullWidth(product).quotient))
  }
}
