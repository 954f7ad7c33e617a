import Foundation

/// The Swift files of this package, as text.
struct SourceTree {
  struct File: CustomStringConvertible {
    /// From the package's root: `Sources/Basics/Secret.swift`.
    let path: String
    let lines: [String]

    var description: String { path }

    /// The target it belongs to: the second part of the path.
    var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

    /// The modules it imports, whatever stands before `import`.
    var imports: Set<String> {
      Set(
        lines.compactMap { line in
          let words = line.split(separator: " ").map(String.init)
          guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
            words[..<index].allSatisfy({ Self.importModifiers.contains($0) })
          else { return nil }
          let kinds: Set = ["struct", "class", "enum", "func", "protocol", "typealias", "var"]
          let module = kinds.contains(words[index + 1]) ? words.last : words[index + 1]
          return module?.split(separator: ".").first.map(String.init)
        })
    }

    private static let importModifiers: Set = [
      "package", "private", "internal", "fileprivate", "public", "@testable", "@preconcurrency",
      "@_implementationOnly",
    ]

    /// Lines of code with their numbers: no comments, and nothing inside multi-line strings.
    var code: [(number: Int, text: String)] {
      var inText = false
      var code: [(Int, String)] = []
      for (index, line) in lines.enumerated() {
        let opens = line.components(separatedBy: "\"\"\"").count - 1
        if !inText {
          let trimmed = line.drop { $0 == " " }
          if !trimmed.hasPrefix("//") { code.append((index + 1, line)) }
        }
        if !opens.isMultiple(of: 2) { inText.toggle() }
      }
      return code
    }
  }

  /// Every `.swift` file below a folder of the package, sorted by path.
  static func files(under folder: String) throws -> [File] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let start = root.appending(path: folder)
    let names = FileManager.default.enumerator(atPath: start.path)?.compactMap { $0 as? String }
    return try (names ?? []).filter { $0.hasSuffix(".swift") }.sorted().map { name in
      let text = try String(contentsOf: start.appending(path: name), encoding: .utf8)
      var lines = text.components(separatedBy: "\n")
      if lines.last == "" { lines.removeLast() }
      return File(path: "\(folder)/\(name)", lines: lines)
    }
  }
}
