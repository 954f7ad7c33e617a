import Basics

/// What the engine must know of one kind of object: how its ids begin, what lists filter on, and
/// what can be expanded.
struct ResourceType: Sendable {
  /// The value of `object`: `product`, `billing.meter`.
  let name: String
  /// The first part of an id: `prod` in `prod_ABC`.
  let idPrefix: String
  /// The kind's name in an error: "No such product: 'x'".
  let label: String
  /// Paths whose values can be looked up: `product`, `recurring.meter`. An array's elements are
  /// looked up one by one.
  let indexed: [String]
  /// What `expand` may name, by the path inside the object.
  var expandable: [String: Expansion]
  /// Changes what is stored into what it is at the moment of looking: a coupon past its last day is
  /// no longer valid though nobody touched it.
  let current: @Sendable (_ object: JSONObject, _ now: Timestamp) -> JSONObject
  /// What happens to it by itself as time goes on.
  let due: Due?

  init(
    _ name: String, idPrefix: String, label: String? = nil, indexed: [String] = [],
    expandable: [String: Expansion] = [:], due: Due? = nil,
    current: @escaping @Sendable (JSONObject, Timestamp) -> JSONObject = { object, _ in object }
  ) {
    self.name = name
    self.idPrefix = idPrefix
    self.label = label ?? name
    self.indexed = indexed
    self.expandable = expandable
    self.due = due
    self.current = current
  }
}

/// What happens to a property that `expand` names.
enum Expansion: Sendable {
  /// It holds an id, or an array of ids, of this type; the object takes the id's place.
  case reference(String)
  /// It holds an object or a list of this type already; what lies inside can be expanded.
  case embedded(String)
  /// It is stored, but shown only where it is asked for.
  case hidden
  /// It is worked out where it is asked for; the type, if any, of what lies inside.
  case computed(String?, @Sendable (Call, JSONObject) throws -> JSON)

  /// The type of what stands there once expanded.
  var type: String? {
    switch self {
    case .reference(let type), .embedded(let type): type
    case .computed(let type, _): type
    case .hidden: nil
    }
  }
}
