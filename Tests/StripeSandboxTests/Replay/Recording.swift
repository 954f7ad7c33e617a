import Basics
import Foundation

/// What was recorded with the real Stripe: requests and what it answered, in stories.
struct Recording {
  struct Exchange {
    let method: String
    let path: String
    let query: [(name: String, value: String)]
    let form: [(name: String, value: String)]
    let version: String
    let status: Int
    let body: JSON
  }

  struct Story: CustomStringConvertible, Sendable {
    let description: String
    /// The exchanges as they stand in the file, a line each.
    let lines: [String]
  }

  /// The recorded exchanges of this project.
  static let file = root.appending(path: "fixtures/stripe/recorded.jsonl")
  /// What still differs, and why.
  static let differences = root.appending(path: "fixtures/stripe/differences.txt")

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The stories of the file, in its order.
  static let stories: [Story] = {
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    var stories: [(name: String, lines: [String])] = []
    for line in text.split(separator: "\n").map(String.init) {
      let name = (try? JSON(parsing: line))?["cassette"]?.string ?? ""
      if stories.last?.name != name { stories.append((name, [])) }
      stories[stories.count - 1].lines.append(line)
    }
    return stories.map { Story(description: $0.name, lines: $0.lines) }
  }()
}

extension Recording.Story {
  func exchanges() throws -> [Recording.Exchange] {
    try lines.map { line in
      let json = try JSON(parsing: line)
      return Recording.Exchange(
        method: json["method"]?.string ?? "", path: json["path"]?.string ?? "",
        query: pairs(json["query"]), form: pairs(json["form"]),
        version: json["version"]?.string ?? "", status: Int(json["status"]?.integer ?? 0),
        body: json["body"] ?? .null)
    }
  }

  private func pairs(_ value: JSON?) -> [(name: String, value: String)] {
    (value?.array ?? []).compactMap { pair in
      guard let words = pair.array, words.count == 2, let name = words[0].string else { return nil }
      return (name, words[1].string ?? "")
    }
  }
}

extension JSON {
  /// Every object inside, this one first.
  var objectsWithin: [JSONObject] {
    switch self {
    case .object(let object): [object] + object.flatMap { $0.value.objectsWithin }
    case .array(let elements): elements.flatMap { $0.objectsWithin }
    default: []
    }
  }
}
