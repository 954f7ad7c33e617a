import Basics

/// What an event says about the values before a change: `data.previous_attributes`.
enum Difference {
  /// The members of `old` that are not the same in `new`; inside plain objects only what differs,
  /// with null for what was not there.
  static func previous(of new: JSONObject, since old: JSONObject) -> JSONObject {
    var previous = JSONObject()
    for (key, value) in new where !key.hasPrefix("_") && old[key] != value {
      if let before = old[key]?.object, let after = value.object {
        previous[key] = .object(Self.previous(of: after, since: before))
      } else {
        previous[key] = old[key] ?? .null
      }
    }
    for (key, value) in old where !key.hasPrefix("_") && new[key] == nil { previous[key] = value }
    return previous
  }
}
