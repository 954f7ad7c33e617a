import Basics
import Foundation

@testable import billing

/// A transcript of commands and what they print, in `fixtures/sessions`. The lines that start with
/// `$ ` are run; then the whole text is made anew and compared.
///
/// Lines before the first command are a comment, and so are lines that start with `## `. Standard error is marked `! `, an exit code other
/// than 0 stands in brackets. Besides `billing` a session may use `cat FILE`, `cp FILE FILE` (from
/// the repository's `fixtures`), `rm FILE`, `sed -i s/THIS/THAT/ FILE` and `jq -r .NAME FILE > FILE`;
/// before `billing` may stand `NAME=value`, behind it `< FILE`, `> FILE` and `> /dev/null`.
///
/// Ids are numbered as they appear, so that a session is the same however the calls of a batch fell.
struct Session {
  let path: String
  let text: String

  /// `fixtures/sessions/plans-diff.txt` of `plans diff`.
  static func path(of command: String) -> String {
    let name = command.split(separator: " ").joined(separator: "-")
    return "\(Repository.root)/fixtures/sessions/\(name).txt"
  }

  init(path: String) throws {
    self.path = path
    text = try String(contentsOfFile: path, encoding: .utf8)
  }

  /// The text as it comes out now.
  func replay() async throws -> String {
    let world = try TestWorld()
    var names = SessionNames()
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    var result = lines.prefix { !$0.hasPrefix("$ ") }.filter { !$0.isEmpty }
      .map { $0 + "\n" }.joined()
    var followsComment = false
    for line in lines where line.hasPrefix("$ ") || line.hasPrefix("## ") {
      if !result.isEmpty, !followsComment { result += "\n" }
      result += line + "\n"
      followsComment = line.hasPrefix("## ")
      guard !followsComment else { continue }
      result += names.shown(try await run(names.actual(String(line.dropFirst(2))), in: world))
      world.tick()
    }
    return result.replacing(world.directory, with: "/home/ada/shop")
  }

  private func run(_ line: String, in world: TestWorld) async throws -> String {
    var words = Self.words(of: line)
    var environment: [String: String] = [:]
    while let word = words.first, let equals = word.firstIndex(of: "="), !word.hasPrefix("-") {
      environment[String(word[..<equals])] = String(word[word.index(after: equals)...])
      words.removeFirst()
    }
    var input = ""
    if let index = words.firstIndex(of: "<"), index + 1 < words.count {
      input = try world.text(of: words[index + 1])
      words.removeSubrange(index...index + 1)
    }
    var destination: String?
    if words.first == "billing", words.dropLast().last == ">" {
      destination = words.last
      words.removeLast(2)
    }
    guard words.first == "billing" else { return try Self.file(words, in: world) }
    var result = await world.run(
      Array(words.dropFirst()), environment: environment, input: input)
    if let destination {
      if destination != "/dev/null" { try world.write(result.output, to: destination) }
      result.output = ""
    }
    return Self.transcript(of: result)
  }

  private static func transcript(of result: TestWorld.Result) -> String {
    // A line end of CSV is one character in Swift, so it is made a plain one first.
    var text = result.output.replacing("\r\n", with: "\n")
    if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
    text += result.errors.split(separator: "\n").map { "! \($0)\n" }.joined()
    if result.exit != .done { text += "[exit \(result.exit.rawValue)]\n" }
    return text
  }

  private static func file(_ words: [String], in world: TestWorld) throws -> String {
    switch (words.first, words.dropFirst().count) {
    case ("cat", 1): return try world.text(of: words[1])
    case ("rm", 1):
      try FileManager.default.removeItem(atPath: world.directory + "/" + words[1])
    case ("cp", 2):
      let source = words[1].hasPrefix("fixtures/") ? Repository.root : world.directory
      let text = try String(contentsOfFile: source + "/" + words[1], encoding: .utf8)
      try world.write(text, to: words[2])
    case ("sed", 3) where words[1] == "-i":
      let parts = words[2].split(separator: "/", omittingEmptySubsequences: false)
      let text = try world.text(of: words[3])
      guard parts.count == 4, text.contains(parts[1]) else { throw Unknown(words: words) }
      try world.write(text.replacing(parts[1], with: parts[2]), to: words[3])
    case ("jq", 5) where words[1] == "-r" && words[4] == ">":
      let value = try JSON(parsing: world.text(of: words[3]))[String(words[2].dropFirst())]
      guard let text = value?.string else { throw Unknown(words: words) }
      try world.write(text + "\n", to: words[5])
    default: throw Unknown(words: words)
    }
    return ""
  }

  struct Unknown: Error { let words: [String] }

  /// Words as a shell tells them apart: blanks, single and double quotes.
  static func words(of line: String) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in line {
      if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character == " " {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if let word { words.append(word) }
    return words
  }
}
