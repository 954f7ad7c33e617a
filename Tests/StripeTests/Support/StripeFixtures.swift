import Basics
import Foundation

/// Exchanges that were recorded with Stripe (`recorded.jsonl`), and the example of each object
/// that Stripe publishes (`published.json`).
enum StripeFixtures {
  static func bodies() throws -> [JSON] {
    try text("recorded.jsonl").split(separator: "\n").map { line in
      try JSON(parsing: Array(line.utf8))["body"] ?? .null
    }
  }

  /// All objects of a kind in the recorded exchanges, those within others included.
  static func objects(_ kind: String) throws -> [JSON] {
    var found: [JSON] = []
    for body in try bodies() { collect(kind, in: body, into: &found) }
    return found
  }

  /// The first recorded object with an id.
  static func object(_ id: String, _ kind: String) throws -> JSON {
    try objects(kind).first { $0["id"]?.string == id } ?? .null
  }

  /// Stripe's published example of an object.
  static func published(_ kind: String) throws -> JSON {
    try JSON(parsing: Array(text("published.json").utf8))[at: "resources", kind] ?? .null
  }

  private static func collect(_ kind: String, in json: JSON, into found: inout [JSON]) {
    switch json {
    case .object(let object):
      if object["object"]?.string == kind { found.append(json) }
      for (_, value) in object { collect(kind, in: value, into: &found) }
    case .array(let elements):
      for element in elements { collect(kind, in: element, into: &found) }
    default: break
    }
  }

  private static func text(_ name: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try String(
      contentsOf: root.appending(path: "fixtures/stripe/\(name)"), encoding: .utf8)
  }
}
