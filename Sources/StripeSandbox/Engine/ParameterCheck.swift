import Basics
private import Foundation

/// Checks a form against what Stripe declares, and gives its values their types.
struct ParameterCheck {
  /// The typed parameters of an operation, in the order in which they came.
  static func typed(_ form: Form, as schema: ParameterSchema) throws(SandboxError) -> JSONObject {
    guard case .object(let fields, let required) = schema else { return [:] }
    return try object(form, fields: fields, required: required, name: "")
  }

  private static func object(
    _ form: Form, fields: [String: ParameterSchema], required: [String], name: String
  ) throws(SandboxError) -> JSONObject {
    let inner = { (key: String) in name.isEmpty ? key : "\(name)[\(key)]" }
    let unknown = form.children.filter { fields[$0.name] == nil }.map { inner($0.name) }
    if let first = unknown.first {
      var error = SandboxError.unknownParameter(first)
      if unknown.count > 1 {
        error.message = "Received unknown parameters: \(unknown.joined(separator: ", "))"
      }
      throw error
    }
    for key in required where form[key] == nil { throw .missingParameter(inner(key)) }
    var result = JSONObject()
    for (key, child) in form.members {
      guard let schema = fields[key] else { continue }
      if required.contains(key), child.text == "" { throw .emptyParameter(inner(key)) }
      result[key] = try value(child, as: schema, name: inner(key))
    }
    return result
  }

  private static func value(
    _ form: Form, as schema: ParameterSchema, name: String
  ) throws(SandboxError) -> JSON {
    switch schema {
    case .array(let element): return try array(form, of: element, name: name)
    case .object(let fields, let required):
      guard form.text == nil else {
        throw form.text == "" ? .emptyParameter(name) : .invalid("Invalid object", parameter: name)
      }
      return .object(try object(form, fields: fields, required: required, name: name))
    case .map:
      guard form.text == nil || form.text == "" else {
        throw .invalid("Invalid object", parameter: name)
      }
      return form.text == nil ? untyped(form) : ""
    case .anyOf(let choices): return try choice(form, of: choices, name: name)
    case .string, .integer, .boolean, .number, .decimalString, .enumeration:
      guard let text = form.text else {
        throw .invalid("Invalid string: \(untyped(form).compact)", parameter: name)
      }
      return try scalar(text, as: schema, name: name)
    }
  }

  private static func array(
    _ form: Form, of element: ParameterSchema, name: String
  ) throws(SandboxError) -> JSON {
    if let text = form.text {
      throw text.isEmpty ? .emptyParameter(name) : .invalid("Invalid array", parameter: name)
    }
    var elements: [(index: Int, value: Form)] = []
    for (key, child) in form.members {
      guard let index = Int(key), index >= 0 else {
        throw .invalid("Invalid array", parameter: name)
      }
      elements.append((index, child))
    }
    elements.sort { $0.index < $1.index }
    var values: [JSON] = []
    for (index, child) in elements {
      values.append(try value(child, as: element, name: "\(name)[\(index)]"))
    }
    return .array(values)
  }

  /// The first of several types that fits; where none does, the error of the one that comes
  /// nearest to the shape given.
  private static func choice(
    _ form: Form, of choices: [ParameterSchema], name: String
  ) throws(SandboxError) -> JSON {
    var nearest: SandboxError?
    for schema in choices {
      if case .enumeration(let values) = schema {
        if let text = form.text, values.contains(text) { return .string(text) }
        guard values != [""] else { continue }
      }
      do {
        return try value(form, as: schema, name: name)
      } catch {
        let fits = (form.text == nil) == schema.hasMembers
        if fits || nearest == nil { nearest = error }
      }
    }
    throw nearest ?? .invalid("Invalid value", parameter: name)
  }

  private static func untyped(_ form: Form) -> JSON {
    if let text = form.text { return .string(text) }
    return .object(
      JSONObject(uniqueKeysWithValues: form.members.map { ($0.name, untyped($0.value)) }))
  }
}

extension ParameterSchema {
  fileprivate var hasMembers: Bool {
    switch self {
    case .array, .object, .map: true
    default: false
    }
  }
}

// MARK: Scalars

extension ParameterCheck {
  /// The longest text that is taken where nothing else is said. (A decimal is no larger than a whole
  /// number, or the JSON that it is stored as could not be read again.)
  static let maximumLength = 5_000

  static func scalar(
    _ text: String, as schema: ParameterSchema, name: String
  ) throws(SandboxError) -> JSON {
    switch schema {
    case .string:
      guard text.count <= maximumLength else {
        throw .invalid(
          """
          Invalid string: \(text.prefix(5))...\(text.suffix(5)); must be at most \
          \(maximumLength) characters
          """, parameter: name)
      }
      return .string(text)
    case .enumeration(let values):
      if values.contains(text) { return .string(text) }
      guard !text.isEmpty else { throw .emptyParameter(name) }
      throw .invalid("Invalid \(name): must be \(either(values))", parameter: name)
    default:
      guard !text.isEmpty else { throw .emptyParameter(name) }
      return try number(text, as: schema, name: name)
    }
  }

  private static func number(
    _ text: String, as schema: ParameterSchema, name: String
  ) throws(SandboxError) -> JSON {
    switch schema {
    case .integer:
      guard text.first != "+", let value = Int64(text) else {
        throw .invalid(
          "Invalid integer: \(text)", code: "parameter_invalid_integer", parameter: name)
      }
      return .integer(value)
    case .boolean:
      // Stripe's Python SDK writes True and False in its versions before basil.
      guard ["true", "True", "false", "False"].contains(text) else {
        throw .invalid("Invalid boolean: \(text)", parameter: name)
      }
      return .bool(text == "true" || text == "True")
    default:
      guard text.count <= 40, text.wholeMatch(of: /-?([0-9]+(\.[0-9]*)?|\.[0-9]+)/) != nil,
        let value = Decimal(string: text), value.magnitude <= Decimal(Int64.max)
      else { throw .invalid("Invalid decimal: \(text)", parameter: name) }
      return .decimal(value)
    }
  }

  /// `one of a, b, or c`.
  static func either(_ values: [String]) -> String {
    switch values.count {
    case 0: "empty"
    case 1: values[0]
    case 2: "one of \(values[0]) or \(values[1])"
    default: "one of \(values.dropLast().joined(separator: ", ")), or \(values[values.count - 1])"
    }
  }
}
