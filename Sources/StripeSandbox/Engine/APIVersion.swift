/// A version of Stripe's API: it decides the layout of requests, answers and events.
///
/// Versions are ordered by their date: `2024-11-20.acacia` is before `2025-03-31.basil`.
struct APIVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// As a `Stripe-Version` header names it: `2026-10-28.endive`.
  let description: String

  /// The version in whose layout the sandbox keeps its objects, and the newest one.
  static let current = APIVersion(known: "2026-10-28.endive")

  /// The releases that changed something for those who wrote for the one before.
  static let acacia = APIVersion(known: "2024-09-30.acacia")
  static let basil = APIVersion(known: "2025-03-31.basil")
  static let clover = APIVersion(known: "2025-09-30.clover")
  static let dahlia = APIVersion(known: "2026-03-25.dahlia")
  static let endive = APIVersion(known: "2026-09-30.endive")

  /// Some of the dates before there were names.
  static let asynchronousCapture = APIVersion(known: "2024-04-10")
  static let dashboardMethods = APIVersion(known: "2023-08-16")
  static let chargesOnDemand = APIVersion(known: "2022-11-15")

  /// Since these, versions have names; the older ones are dates alone, of which any is taken.
  private static let releases = [endive, dahlia, clover, basil, acacia]

  private init(known: String) { description = known }

  /// The version of a text; nil where there is none of that name up to the current one. The monthly
  /// versions of a release bear its name; of their dates any is taken.
  init?(_ text: String) {
    // By far the most frequent one, asked about at every request.
    if text == Self.current.description {
      self = .current
      return
    }
    guard text.wholeMatch(of: /\d{4}-\d\d-\d\d(\.[a-z]+)?/) != nil else { return nil }
    self.init(known: text)
    guard date <= Self.current.date, date >= "2011-01-01" else { return nil }
    let release = Self.releases.first { $0 <= self }
    guard name == release?.name || (release != nil && name == "preview") else { return nil }
  }

  private var date: Substring { description.prefix(10) }
  private var name: Substring? {
    description.count > 10 ? description.dropFirst(11) : nil
  }

  static func < (one: APIVersion, other: APIVersion) -> Bool { one.date < other.date }
}
