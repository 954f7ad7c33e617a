import Basics
import Foundation
import Testing

@testable import StripeSandbox

/// The compact copies of the API facts say what the facts say, where these are at hand.
@Suite struct FactsSourceTests {
  /// The facts of a version lie beside the checkout, not in it.
  private static func file(_ version: String) -> URL {
    Recording.root.deletingLastPathComponent().appending(path: "shared/stripe/api-\(version).json")
  }

  private static let current = "2026-10-28.endive"
  private static let old = "2024-11-20.acacia"

  private static let areThere = [current, old].allSatisfy {
    FileManager.default.fileExists(atPath: file($0).path)
  }

  private func facts(_ version: String) throws -> JSON {
    try JSON(parsing: String(contentsOf: Self.file(version), encoding: .utf8))
  }

  @Test(.tags(.integration), .enabled(if: areThere)) func objectsAreCopiedWhole() throws {
    for (version, text) in [
      (Self.current, ObjectFactsText.objects), (Self.old, OldObjectFactsText.objects),
    ] {
      let objects = try facts(version)["objects"]?.object ?? [:]
      let lines = text.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
      #expect(lines.map { $0[0] } == objects.map { $0.key }, "\(version)")
      for (line, object) in zip(lines, objects) {
        #expect(try JSON(parsing: line[1]) == field(object.value), "\(version) \(line[0])")
      }
    }
  }

  @Test(.tags(.integration), .enabled(if: areThere)) func operationsAreCopiedWhole() throws {
    let operations = try facts(Self.current)["operations"]?.array ?? []
    #expect(!operations.isEmpty)
    var seen: Set<String> = []
    for operation in operations {
      let (method, path) = (operation["method"]?.string ?? "", operation["path"]?.string ?? "")
      guard seen.insert("\(method) \(path)").inserted else { continue }
      let copy = try #require(APIFacts.operation(method: method, path: path))
      #expect(copy.returns == operation["returns"]?.string, "\(method) \(path)")
      let declared = parameters(operation["params"] ?? [:], operation["required"] ?? [])
      #expect(copy.parameters == ParameterSchema(declared), "\(method) \(path)")
    }
    #expect(Set(APIFacts.operations) == seen)
  }

  @Test(.tags(.integration), .enabled(if: areThere)) func recordingsAreTheSame() throws {
    let shared = Self.file(Self.current).deletingLastPathComponent()
      .appending(path: "recorded.jsonl")
    #expect(try Data(contentsOf: shared) == Data(contentsOf: Recording.file))
  }

  // MARK: As make-api-facts.py writes them

  private func parameters(_ fields: JSON, _ required: JSON) -> JSON {
    let pairs = (fields.object ?? [:]).map { ($0.key, parameter($0.value)) }
    var schema: JSONObject = ["object": .object(JSONObject(uniqueKeysWithValues: pairs))]
    if required != [] { schema["required"] = required }
    return .object(schema)
  }

  private func parameter(_ schema: JSON) -> JSON {
    if let choices = schema["any_of"]?.array { return ["any": .array(choices.map(parameter))] }
    switch schema["type"]?.string ?? "" {
    case "enum":
      let values = schema["values"] ?? []
      return values == [""] ? "string" : ["enum": values]
    case "array": return ["array": parameter(schema["items"] ?? .null)]
    case "object": return parameters(schema["fields"] ?? [:], schema["required"] ?? [])
    case let kind: return .string(kind)
    }
  }

  private func field(_ schema: JSON) -> JSON {
    if let choices = schema["any_of"]?.array { return ["any": .array(choices.map(field))] }
    switch schema["type"]?.string ?? "" {
    case "enum": return ["enum": schema["values"] ?? []]
    case "resource": return ["resource": schema["object"] ?? .null]
    case "array": return ["array": field(schema["items"] ?? .null)]
    case "list": return ["list": field(schema["items"] ?? .null)]
    case "object":
      guard let fields = schema["fields"]?.object else { return "map" }
      let pairs = fields.map { ($0.key, field($0.value)) }
      return [
        "object": .object(JSONObject(uniqueKeysWithValues: pairs)),
        "required": schema["required"] ?? [],
      ]
    case let kind: return .string(kind)
    }
  }
}
