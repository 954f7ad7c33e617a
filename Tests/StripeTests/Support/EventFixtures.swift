import Basics
import Foundation

/// The events in `fixtures/events`: five customers of one shop from August to November 2026, and
/// in `2023-10-16` two that an endpoint of that version was told of.
struct EventFixtures {
  struct File {
    let name: String
    let json: JSON

    /// The file's name without its number: `007-invoice.paid.json`.
    var nameOfType: Substring { name.dropFirst(name.prefix { $0 != "-" }.count + 1).dropLast(5) }
    var type: String { json["type"]?.string ?? "" }
    /// Thin events, which version 2 of the API sends, carry no object.
    var isThin: Bool { json["object"] == "v2.core.event" }
    var object: JSON { json[at: "data", "object"] ?? .null }
    var kind: String { object["object"]?.string ?? "" }
    var created: Timestamp? {
      json["created"]?.integer.map { Timestamp($0) }
        ?? json["created"]?.string.flatMap { Timestamp(parsing: $0) }
    }
  }

  /// In the order of their names.
  let files: [File]

  static let newest = Self(folder: "events")
  static let old = Self(folder: "events/2023-10-16")

  private init(folder: String) {
    var root = URL(filePath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    let url = root.appending(path: "fixtures/\(folder)")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    files = names.filter { $0.hasSuffix(".json") }.sorted().map { name in
      let bytes = (try? Data(contentsOf: url.appending(path: name))).map { Array($0) }
      return File(name: name, json: bytes.flatMap { try? JSON(parsing: $0) } ?? .null)
    }
  }
}
