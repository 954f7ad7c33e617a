import Basics

/// What the values of a check may say beyond "equal", so that an operation is known by what it
/// really did and not by what looks like it.
extension OperationStep {
  /// One of these is so.
  static func any(_ choices: [JSON]) -> JSONObject { ["$any": .array(choices)] }

  /// This is not so.
  static func not(_ wanted: JSON) -> JSONObject { ["$not": wanted] }

  /// A number below this one: a time before it.
  static func below(_ limit: Int64) -> JSON { ["$below": .integer(limit)] }

  /// Whatever is not empty.
  static let something: JSON = ["$something": true]

  /// Whether an object has all these values; of an object within, only the members named, and of a
  /// list within, elements that have what those named have. The empty text clears a value at
  /// Stripe, which then is null or is no longer there.
  static func holds(_ found: JSON?, _ wanted: JSON) -> Bool {
    if let wanted = wanted.object {
      return wanted.allSatisfy { key, value in holds(found, key, value) }
    }
    if let wanted = wanted.array, !wanted.isEmpty, let found = found?.array {
      return wanted.allSatisfy { element in found.contains { holds($0, element) } }
    }
    let isCleared = wanted == .null || wanted == ""
    return isCleared && (found ?? .null) == .null || found == wanted
  }

  private static func holds(_ found: JSON?, _ key: String, _ value: JSON) -> Bool {
    switch key {
    case "$any": (value.array ?? []).contains { holds(found, $0) }
    case "$not": !holds(found, value)
    case "$below":
      if let number = found?.integer, let limit = value.integer { number < limit } else { false }
    case "$something": ![nil, .null, [], ""].contains(found)
    default: holds(found?[key], value)
    }
  }
}
