package import Foundation

/// A share, kept as the two numbers that it is made of, so that it is exact.
package struct Ratio: Sendable, Hashable {
  package let part: Int64
  package let whole: Int64

  package init(part: Int64, whole: Int64) {
    self.part = part
    self.whole = whole
  }

  /// To four places, halves up; nil where there is no whole.
  package var rounded: Decimal? {
    guard whole != 0 else { return nil }
    return (Decimal(part) / Decimal(whole)).rounded(places: 4)
  }

  /// The same in percent, to two places.
  package var percent: Decimal? { rounded.map { $0 * 100 } }
}
