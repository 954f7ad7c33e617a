import Basics

/// One thing that Stripe changed about its API: how requests of the versions before it are meant,
/// and what objects looked like to them.
///
/// The sandbox knows one layout, the current one. A request of an older version goes through the
/// changes since then from the oldest to the newest, an object the other way round.
struct VersionChange: Sendable {
  /// The first version that has the change.
  let since: APIVersion
  var requests: [RequestChange] = []
  /// Gives a stored object the layout of before, by the object's name. It reads, and changes
  /// nothing else.
  var objects: [String: @Sendable (inout JSONObject, Call) throws -> Void] = [:]
  /// What `expand` could name before, by the object's name.
  var expandable: [String: [String: Expansion]] = [:]
  /// What objects did not have before: paths by the object's name.
  var added: [String: Set<String>] = [:]
  /// The types of events that nobody was told of before.
  var addedEvents: Set<String> = []
}

/// What was different about the requests of some operations before a change.
struct RequestChange: Sendable {
  /// Method and path: `POST /v1/subscriptions`.
  let operations: Set<String>
  /// What was declared before at a path: `phases.[].iterations`; nil where nothing was.
  let declared: [String: ParameterSchema?]
  /// What had to be given before, in place of what must be given now.
  var required: (before: [String], now: [String]) = ([], [])
  /// Says the same in the words of after the change.
  var translate: @Sendable (inout JSONObject, OldRequest) throws -> Void = { _, _ in }
  /// How a parameter of after is called before, for errors: `discounts[0][coupon]` was `coupon`.
  var names: [String: String] = [:]
}

extension RequestChange {
  /// Parameters that stand for others since.
  init(
    _ operations: String..., declared: [String: ParameterSchema?],
    required: (before: [String], now: [String]) = ([], []), names: [String: String] = [:],
    translate: @escaping @Sendable (inout JSONObject, OldRequest) throws -> Void = { _, _ in }
  ) {
    self.init(
      operations: Set(operations), declared: declared, required: required, translate: translate,
      names: names)
  }
}

/// A request of an older version, for what its words mean.
struct OldRequest {
  /// The ids in its path.
  let pathIDs: [String]
  let store: StoreTransaction
}

extension JSONObject {
  /// Removes a member and returns it.
  mutating func take(_ key: String) -> JSON? {
    guard let value = self[key] else { return nil }
    self[key] = nil
    return value
  }
}
