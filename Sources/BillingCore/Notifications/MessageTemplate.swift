import Basics
private import Foundation

/// A text with places for values: `{{amount}}`.
///
/// A line with a value that is not there is left out as a whole, so that what may be absent stands on
/// a line of its own.
struct MessageTemplate: Sendable, Hashable {
  enum Piece: Sendable, Hashable {
    case text(String)
    case value(String)
  }

  typealias Line = [Piece]

  let lines: [Line]

  /// Notes places that are not closed, and names that the kind of message does not have.
  ///
  /// - Parameter start: the text's place in its file.
  init(
    _ text: some StringProtocol, at start: TextMark = TextMark(line: 1, column: 1),
    names: [String], log: MistakeLog
  ) {
    lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
      .enumerated().map { index, line in
        let column = index == 0 ? start.column : 1
        let mark = TextMark(line: start.line + index, column: column)
        return Self.pieces(line, at: mark, names: names, log: log)
      }
  }

  private static func pieces(
    _ line: some StringProtocol, at start: TextMark, names: [String], log: MistakeLog
  ) -> Line {
    var pieces: Line = []
    var rest = Substring(line)
    while let open = rest.range(of: "{{") {
      let done = line.count - rest.count
      let mark = TextMark(
        line: start.line,
        column: start.column + done + rest.distance(from: rest.startIndex, to: open.lowerBound))
      guard let close = rest[open.upperBound...].range(of: "}}") else {
        log.add(mark, "`{{` is not closed on this line")
        break
      }
      let name = rest[open.upperBound..<close.lowerBound].filter { $0 != " " }
      if !names.contains(name) {
        let hint =
          NearestName.of(name, among: names).map { "did you mean `\($0)`?" }
          ?? "there are \(names.joined(separator: ", "))"
        log.add(mark, "there is no `\(YAMLNode.shown(name))` in such a message; \(hint)")
      }
      if open.lowerBound > rest.startIndex {
        pieces.append(.text(String(rest[..<open.lowerBound])))
      }
      pieces.append(.value(name))
      rest = rest[close.upperBound...]
    }
    return rest.isEmpty ? pieces : pieces + [.text(String(rest))]
  }

  // MARK: Filling in

  /// The lines whose values are all there.
  func lines(with facts: [String: String]) -> [Line] {
    lines.filter { line in
      line.allSatisfy { piece in
        if case .value(let name) = piece { !(facts[name] ?? "").isEmpty } else { true }
      }
    }
  }

  /// On one line, whatever is in the values: for a subject.
  func subject(_ facts: [String: String]) -> String {
    lines.map { Self.text($0, facts) }.joined(separator: " ").onOneLine
  }

  /// With at most one empty line between others.
  func text(_ facts: [String: String]) -> String {
    var result: [String] = []
    for line in lines(with: facts).map({ Self.text($0, facts) })
    where !(line.isEmpty && result.last?.isEmpty ?? true) {
      result.append(line)
    }
    return result.joined(separator: "\n")
  }

  /// The lines as they are, values escaped: of a template that is a page itself.
  func page(_ facts: [String: String]) -> String {
    lines(with: facts).map { line in
      line.map { piece in
        switch piece {
        case .text(let text): text
        case .value(let name): HTMLText.escaped(facts[name] ?? "")
        }
      }.joined()
    }.joined(separator: "\n")
  }

  /// A page made of the text: paragraphs where empty lines are, links where addresses are.
  func paragraphs(_ facts: [String: String]) -> [String] {
    lines(with: facts).split { $0.isEmpty }.map { lines in
      lines.map { line in
        line.map { piece in
          switch piece {
          case .text(let text): HTMLText.escaped(text)
          case .value(let name): Self.value(name, facts[name] ?? "")
          }
        }.joined()
      }.joined(separator: "<br>\n")
    }
  }

  private static func text(_ line: Line, _ facts: [String: String]) -> String {
    line.map { piece in
      switch piece {
      case .text(let text): text
      case .value(let name): facts[name] ?? ""
      }
    }.joined()
  }

  /// An address is a link where a browser may follow it.
  private static func value(_ name: String, _ value: String) -> String {
    let escaped = HTMLText.escaped(value)
    guard name.hasSuffix("_url"), value.hasPrefix("https://") || value.hasPrefix("http://") else {
      return escaped
    }
    return "<a href=\"\(escaped)\">\(escaped)</a>"
  }
}

extension String {
  /// With a blank for whatever ends a line or is no character to be seen.
  var onOneLine: String {
    split { character in
      character.isWhitespace
        || character.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }.joined(separator: " ")
  }
}

/// Texts in pages.
package enum HTMLText {
  /// A text that cannot leave its element or its attribute.
  package static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
  }
}
