import Basics

// How the objects of this folder are read and changed: as JSON, since that is what they are.

extension JSONObject {
  var id: String { self["id"]?.string ?? "" }

  func string(_ key: String) -> String? { self[key]?.string }
  func integer(_ key: String) -> Int64? { self[key]?.integer }
  func bool(_ key: String) -> Bool? { self[key]?.bool }
  func object(_ key: String) -> JSONObject? { self[key]?.object }
  func timestamp(_ key: String) -> Timestamp? { integer(key).map { Timestamp($0) } }

  /// The objects of an array.
  func objects(_ key: String) -> [JSONObject] { self[key]?.array?.compactMap { $0.object } ?? [] }

  /// The objects of an embedded list: `lines.data`.
  func listed(_ key: String) -> [JSONObject] { object(key)?.objects("data") ?? [] }

  /// The texts of an array.
  func strings(_ key: String) -> [String] { self[key]?.array?.compactMap { $0.string } ?? [] }

  /// The same object with other values for these keys.
  func setting(_ changes: KeyValuePairs<String, JSON>) -> JSONObject {
    var changed = self
    for (key, value) in changes { changed[key] = value }
    return changed
  }

  /// The same object with other values for these keys of an object inside it.
  func setting(_ changes: KeyValuePairs<String, JSON>, in key: String) -> JSONObject {
    setting([key: .object((object(key) ?? [:]).setting(changes))])
  }

  /// An object of this folder's templates: all fields of a kind of object in Stripe's order, with
  /// the values that they have unless something is said.
  static func template(_ text: String) -> JSONObject {
    (try? JSON(parsing: text))?.object ?? [:]
  }
}

extension JSON {
  /// A moment as Stripe writes it, in seconds; null for none.
  static func time(_ moment: Timestamp?) -> JSON {
    guard let moment else { return .null }
    return .integer(moment.seconds)
  }

  /// A list embedded in an object; most tell how many they hold.
  static func list(_ elements: [JSONObject], url: String, isCounted: Bool = true) -> JSON {
    var list: JSONObject = [
      "object": "list", "data": .array(elements.map { .object($0) }), "has_more": false,
    ]
    if isCounted { list["total_count"] = .integer(Int64(elements.count)) }
    list["url"] = .string(url)
    return .object(list)
  }
}

extension Call {
  /// Stores what an object has become and says so. What changed is told in `….updated` events (and
  /// in `payment_method.detached`) only, as Stripe does.
  @discardableResult
  func become(_ old: JSONObject, _ new: JSONObject, _ event: String) throws -> JSONObject {
    if event.hasSuffix(".updated") || event.hasSuffix(".detached") {
      return try update(old, to: new, event: event)
    }
    try save(new)
    try emit(event, new)
    return new
  }

  /// Refuses parameters that Stripe knows and the sandbox does not carry out: better than to take
  /// them and do nothing. A name that begins with `_` comes from the sandbox itself.
  func accept(only names: String...) throws {
    let accepted = Set(names + ["expand"])
    for name in parameters.keys where !accepted.contains(name) && !name.hasPrefix("_") {
      throw SandboxError.invalid(
        "The sandbox does not offer the parameter \(name) of this operation yet.",
        code: "parameter_unsupported", parameter: name)
    }
  }

  /// One page of objects that are at hand, newest (or first) first.
  func page(of elements: [JSONObject]) throws -> JSON {
    let place: ((parameter: String, id: String)) throws -> Int64 = { cursor in
      guard let index = elements.firstIndex(where: { $0.id == cursor.id }) else {
        throw SandboxError.missing(
          "object", id: cursor.id, parameter: cursor.parameter, status: 400)
      }
      return Int64(index)
    }
    let page = try page(place)
    let start = page.before.map { Int($0) + 1 } ?? 0
    if let end = page.after {
      let slice = elements[..<Int(end)]
      let hasMore = slice.count > page.limit
      return list(of: slice.suffix(page.limit).map { .object($0) }, url: path, hasMore: hasMore)
    }
    let rest = elements[min(start, elements.count)...]
    return list(
      of: rest.prefix(page.limit).map { .object($0) }, url: path, hasMore: rest.count > page.limit)
  }
}

/// Postal addresses, all six fields of them.
enum Address {
  static let fields = ["city", "country", "line1", "line2", "postal_code", "state"]

  static let empty: JSON = complete([:])

  static func complete(_ given: JSONObject) -> JSON {
    .object(
      JSONObject(
        uniqueKeysWithValues: fields.map { name in
          (name, JSON(given.string(name).flatMap { $0.isEmpty ? nil : $0 }))
        }))
  }
}

extension JSONObject {
  /// The object as others see it: without what is private to the sandbox, at every depth.
  var shown: JSONObject {
    JSONObject(
      uniqueKeysWithValues: filter { !$0.key.hasPrefix("_") }.map { ($0.key, $0.value.shown) })
  }

  /// The same object with the members of another, which win.
  func merging(_ other: JSONObject) -> JSONObject {
    var changed = self
    for (key, value) in other { changed[key] = value }
    return changed
  }

  /// The same object without a key.
  func removing(_ key: String) -> JSONObject {
    var changed = self
    changed[key] = nil
    return changed
  }
}

extension JSON {
  fileprivate var shown: JSON {
    switch self {
    case .object(let object): .object(object.shown)
    case .array(let elements): .array(elements.map { $0.shown })
    default: self
    }
  }
}
