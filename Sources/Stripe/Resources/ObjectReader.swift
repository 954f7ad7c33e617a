import Basics
import Foundation

extension String {
  /// Whether it could be an id, or a word that means something: not empty, at most 255 characters as
  /// Stripe's are, and without a NUL, at which a database would end it.
  package var isPossibleIdentifier: Bool {
    !isEmpty && utf8.count <= 255 && utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }
}

/// Reads the fields of one object, and says where and why it cannot.
///
/// An absent field and `null` are the same here, as Stripe's versions differ in which they use;
/// a field of another type than Stripe documents is refused, also where it is optional.
struct ObjectReader {
  let kind: String
  let id: String?
  let json: JSON
  private let path: [String]

  init(_ json: JSON, kind: String) throws(MalformedObject) {
    self.init(json, kind: kind, id: json["id"]?.string.flatMap { $0.isEmpty ? nil : $0 }, path: [])
    guard json.object != nil else { throw malformed(nil, "an object") }
  }

  private init(_ json: JSON, kind: String, id: String?, path: [String]) {
    (self.json, self.kind, self.id, self.path) = (json, kind, id, path)
  }

  func malformed(_ key: String?, _ expected: String) -> MalformedObject {
    let steps = path + (key.map { [$0] } ?? [])
    return MalformedObject(
      kind: kind, id: id, path: steps.joined(separator: "."), expected: expected)
  }

  func value(_ key: String) -> JSON? {
    guard let value = json[key], !value.isNull else { return nil }
    return value
  }

  // MARK: What a field holds

  private func optional<Value>(
    _ key: String, _ expected: String, _ read: (JSON) -> Value?
  ) throws(MalformedObject) -> Value? {
    guard let field = value(key) else { return nil }
    guard let value = read(field) else { throw malformed(key, expected) }
    return value
  }

  func required<Value>(
    _ key: String, _ expected: String, _ value: Value?
  ) throws(MalformedObject) -> Value {
    guard let value else { throw malformed(key, expected) }
    return value
  }

  func optionalText(_ key: String) throws(MalformedObject) -> String? {
    try optional(key, "a text") { $0.string }
  }

  func text(_ key: String) throws(MalformedObject) -> String {
    try required(key, "a text", try optionalText(key))
  }

  /// An id, or a word that means something: never empty.
  func identifier(_ key: String = "id") throws(MalformedObject) -> String {
    let text = try text(key)
    guard !text.isEmpty else { throw malformed(key, "a text that is not empty") }
    guard text.isPossibleIdentifier else {
      throw malformed(key, "a text of at most 255 plain characters")
    }
    return text
  }

  func optionalInteger(_ key: String) throws(MalformedObject) -> Int64? {
    try optional(key, "a whole number") { $0.integer }
  }

  func integer(_ key: String) throws(MalformedObject) -> Int64 {
    try required(key, "a whole number", try optionalInteger(key))
  }

  func optionalFlag(_ key: String) throws(MalformedObject) -> Bool? {
    try optional(key, "true or false") { $0.bool }
  }

  func flag(_ key: String) throws(MalformedObject) -> Bool {
    try required(key, "true or false", try optionalFlag(key))
  }

  func optionalTime(_ key: String) throws(MalformedObject) -> Timestamp? {
    try optional(key, "a time in unix seconds") { field in
      guard let seconds = field.integer,
        (Timestamp.earliest.seconds...Timestamp.latest.seconds).contains(seconds)
      else { return nil }
      return Timestamp(seconds)
    }
  }

  func time(_ key: String) throws(MalformedObject) -> Timestamp {
    try required(key, "a time in unix seconds", try optionalTime(key))
  }

  /// A time as the second version of the API writes it.
  func timeInWords(_ key: String) throws(MalformedObject) -> Timestamp {
    try required(key, "a time in ISO 8601", Timestamp(parsing: try text(key)))
  }

  func optionalDecimal(_ key: String) throws(MalformedObject) -> Decimal? {
    try optional(key, "a number") { $0.decimal }
  }

  /// A decimal as Stripe writes it, a text of digits; numbers are taken as well.
  func optionalDecimalText(_ key: String) throws(MalformedObject) -> String? {
    try optional(key, "a decimal") { field in
      field.string ?? field.decimal.map { $0.description }
    }
  }

  /// The id of another object, which may stand here whole where it was expanded.
  func optionalReference(_ key: String) throws(MalformedObject) -> String? {
    try optional(key, "an id or an object with one") { $0.string ?? $0["id"]?.string }
  }

  func metadata() throws(MalformedObject) -> [String: String] {
    guard let object = try optionalObject("metadata"), let members = object.json.object else {
      return [:]
    }
    var metadata: [String: String] = [:]
    for (key, value) in members {
      metadata[key] = try object.required(key, "a text", value.string)
    }
    return metadata
  }

  // MARK: Objects within

  func optionalObject(_ key: String) throws(MalformedObject) -> ObjectReader? {
    guard let field = value(key) else { return nil }
    guard field.object != nil else { throw malformed(key, "an object") }
    return ObjectReader(field, kind: kind, id: id, path: path + [key])
  }

  func object(_ key: String) throws(MalformedObject) -> ObjectReader {
    try required(key, "an object", try optionalObject(key))
  }

  /// The object that stands here where it was expanded; nil where there is only its id.
  func expanded(_ key: String) -> ObjectReader? {
    guard let field = value(key), field.object != nil else { return nil }
    return ObjectReader(field, kind: kind, id: id, path: path + [key])
  }

  /// The elements of an array, or of the `data` of a list object.
  func elements(_ key: String) throws(MalformedObject) -> [ObjectReader] {
    guard let field = value(key) else { return [] }
    let isList = field["data"] != nil
    guard let elements = (isList ? field["data"] : field)?.array else {
      throw malformed(key, "a list")
    }
    let prefix = path + (isList ? [key, "data"] : [key])
    return elements.enumerated().map { index, element in
      ObjectReader(element, kind: kind, id: id, path: prefix + [String(index)])
    }
  }

  /// The ids of a list of objects, each of which may be only an id.
  func ids(_ key: String) throws(MalformedObject) -> [String] {
    var ids: [String] = []
    for element in try elements(key) {
      if let id = element.bareID { ids.append(id) } else { ids.append(try element.identifier()) }
    }
    return ids
  }

  /// This value itself, where it is an id instead of an object.
  var bareID: String? { json.string }

  func requireObject() throws(MalformedObject) {
    guard json.object != nil else { throw malformed(nil, "an object") }
  }
}
