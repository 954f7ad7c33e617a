package import Foundation

/// A JSON value that keeps what it was given: the order of keys, whole numbers as `Int64`, other
/// numbers exactly. Foundation's coders keep neither order nor the difference between `null` and
/// absent, and both are part of what we print and store.
package enum JSON: Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int64)
  case decimal(Decimal)
  case string(String)
  case array([JSON])
  case object(JSONObject)
}

// MARK: Reading

extension JSON {
  /// The value of a key of an object; nil where this is no object or has no such key.
  package subscript(key: String) -> JSON? {
    guard case .object(let object) = self else { return nil }
    return object[key]
  }

  /// The element of an array; nil where this is no array or the index is outside it.
  package subscript(index: Int) -> JSON? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  package var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  package var integer: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }

  package var decimal: Decimal? {
    switch self {
    case .integer(let value): Decimal(value)
    case .decimal(let value): value
    default: nil
    }
  }

  package var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  package var array: [JSON]? {
    if case .array(let value) = self { value } else { nil }
  }

  package var object: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }

  package var isNull: Bool {
    if case .null = self { true } else { false }
  }

  /// Whether an object in it, at whatever depth, has a member of one of these names.
  package func hasMember(named names: [String]) -> Bool {
    switch self {
    case .object(let object): object.hasMember(named: names)
    case .array(let elements): elements.contains { $0.hasMember(named: names) }
    default: false
    }
  }

  /// The value at a path of keys and, for arrays, indexes: `json[at: "items", "data", "0"]`.
  package subscript(at path: String...) -> JSON? { self[path: path] }

  package subscript(path path: [String]) -> JSON? {
    var value = self
    for step in path {
      let next = Int(step).flatMap { value[$0] } ?? value[step]
      guard let next else { return nil }
      value = next
    }
    return value
  }
}

// MARK: Making

// There is no literal `nil` on purpose: where `JSON?` is wanted it would become `.null` unseen.
extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int64) { self = .integer(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(JSONObject(uniqueKeysWithValues: elements))
  }

  package init(_ value: String?) { self = value.map(JSON.string) ?? .null }
  package init(_ value: Int64?) { self = value.map(JSON.integer) ?? .null }
  package init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }
  package init(_ value: Bool?) { self = value.map(JSON.bool) ?? .null }
  package init(_ value: Decimal?) { self = value.map(JSON.decimal) ?? .null }
}
