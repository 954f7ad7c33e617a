import Basics

@testable import StripeSandbox

/// Checks an answer against the objects that the official SDK of a version declares.
struct ObjectFacts {
  /// What may be absent, of the types for which that is known exactly. Of all other types whatever
  /// may be null may be absent too.
  private static let mayBeAbsent: [String: Set<String>] = [
    "product": [], "billing.meter": [], "entitlements.feature": [], "product_feature": [],
    "price": ["currency_options", "tiers"],
    "coupon": ["applies_to", "currency_options"],
    "promotion_code": ["currency_options"],
    "event": ["account", "context", "previous_attributes"],
  ]

  /// What is declared of each object.
  private let schemas: [String: JSON]

  private init(_ text: String) {
    let pairs = text.split(separator: "\n").compactMap { line -> (String, JSON)? in
      let columns = line.split(separator: "\t", maxSplits: 1).map(String.init)
      return columns.count < 2 ? nil : (try? JSON(parsing: columns[1])).map { (columns[0], $0) }
    }
    schemas = Dictionary(uniqueKeysWithValues: pairs)
  }

  private static let current = ObjectFacts(ObjectFactsText.objects)
  private static let old = ObjectFacts(OldObjectFactsText.objects)

  /// What is wrong with an answer, each fault with its path; lists are looked into. Whatever comes
  /// before basil is checked against acacia.
  static func faults(in value: JSON, version: APIVersion = .current) -> [String] {
    (version < .basil ? old : current).faults(in: value)
  }

  private func faults(in value: JSON) -> [String] {
    guard let name = value["object"]?.string else { return ["no object"] }
    if name == "search_result" { return value["data"]?.array?.flatMap { faults(in: $0) } ?? [] }
    if name == "list" {
      return checked(value, as: ["list": ["resource": "*"]], at: "list", type: "list")
    }
    return checked(value, as: ["resource": .string(name)], at: name, type: name)
  }

  private func checked(
    _ value: JSON, as schema: JSON, at path: String, type: String
  ) -> [String] {
    if let choices = schema["any"]?.array {
      let results = choices.map { checked(value, as: $0, at: path, type: type) }
      return results.min { $0.count < $1.count } ?? []
    }
    if let name = schema["resource"]?.string { return resource(value, name, at: path) }
    if let fields = schema["object"]?.object { return object(value, fields, at: path, type: type) }
    if let element = schema["array"] {
      guard let elements = value.array else { return ["\(path): no array"] }
      return elements.enumerated().flatMap {
        checked($0.element, as: element, at: "\(path)[\($0.offset)]", type: type)
      }
    }
    if let element = schema["list"] {
      guard value["object"] == "list", let data = value["data"], value["has_more"]?.bool != nil,
        value["url"]?.string != nil
      else { return ["\(path): no list"] }
      return checked(data, as: ["array": element], at: "\(path).data", type: type)
    }
    if let values = schema["enum"]?.array {
      return values.contains(value) ? [] : ["\(path): \(value.compact) is no declared value"]
    }
    return isScalar(value, schema.string ?? "") ? [] : ["\(path): no \(schema.compact)"]
  }

  private func resource(_ value: JSON, _ name: String, at path: String) -> [String] {
    let found = value["object"]?.string ?? "nothing"
    guard name == "*" || found == name else { return ["\(path): \(found) is no \(name)"] }
    if value["deleted"] == true { return [] }
    guard let schema = schemas[found] else { return ["\(path): \(found) is not declared"] }
    return checked(value, as: schema, at: path, type: found)
  }

  private func object(
    _ value: JSON, _ fields: JSONObject, at path: String, type: String
  ) -> [String] {
    guard let object = value.object else { return ["\(path): no object"] }
    let unknown = object.keys.filter { fields[$0] == nil }.map { "\(path).\($0): not declared" }
    return unknown
      + fields.flatMap { key, schema -> [String] in
        if let member = object[key] {
          return checked(member, as: schema, at: "\(path).\(key)", type: type)
        }
        let isNullable = schema["any"]?.array?.contains("null") ?? false
        let mayLack = key == "deleted" || Self.mayBeAbsent[type]?.contains(key) ?? isNullable
        return mayLack ? [] : ["\(path).\(key): absent"]
      }
  }

  private func isScalar(_ value: JSON, _ type: String) -> Bool {
    switch type {
    case "string", "decimal_string": value.string != nil
    case "integer": value.integer != nil
    case "number": value.decimal != nil
    case "boolean": value.bool != nil
    case "null": value.isNull
    case "map": value.object != nil
    default: false
    }
  }
}
