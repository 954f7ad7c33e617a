/// The version of Stripe's API in whose layout the sandbox answers.
enum APIVersion {
  static let current = "2026-10-28.endive"

  /// Stripe's releases since versions have names. Of the older ones, which are dates alone, any
  /// date is taken.
  private static let names = ["acacia", "basil", "clover", "dahlia", "endive"]

  /// Whether a `Stripe-Version` header names a version that there is, up to the current one.
  ///
  /// All are answered in the current layout; the place where older layouts will be written from it
  /// is `Sandbox.render`.
  static func isKnown(_ text: String) -> Bool {
    guard text.wholeMatch(of: /\d{4}-\d\d-\d\d(\.[a-z]+)?/) != nil else { return false }
    let parts = text.split(separator: ".")
    guard text.prefix(10) <= current.prefix(10), text.prefix(10) >= "2011-01-01" else {
      return false
    }
    guard parts.count == 2 else { return text < "2024-09-30" }
    return names.contains(String(parts[1])) || parts[1] == "preview"
  }
}
