import Basics

/// A file of `KEY=value` lines, as shells and other tools write it: comments, `export`, single
/// quotes (taken as they are), double quotes (`\n`, `\t`, `\"`, `\\`, `\$`). Nothing is expanded.
enum EnvironmentFile {
  /// What could not be read, and where.
  struct BadLine: Error, Sendable, Hashable {
    let path: String
    let line: Int
    let reason: String
  }

  /// The variables of a file; of one that stands twice the last value.
  ///
  /// - Parameter onRepeat: called with the name and the line of each that stood there before.
  static func parse(
    _ text: String, path: String, onRepeat: (String, Int) -> Void = { _, _ in }
  ) throws(BadLine) -> [String: String] {
    var values: [String: String] = [:]
    let text = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      var line = raw.drop { $0.isWhitespace }
      if line.isEmpty || line.hasPrefix("#") { continue }
      if line.hasPrefix("export ") { line = line.dropFirst(7).drop { $0.isWhitespace } }
      let fail = { (reason: String) in BadLine(path: path, line: index + 1, reason: reason) }
      guard let equals = line.firstIndex(of: "=") else { throw fail("no = in it") }
      let name = line[..<equals].prefix { !$0.isWhitespace }
      guard line[name.endIndex..<equals].allSatisfy({ $0.isWhitespace }) else {
        throw fail("no variable name before the =")
      }
      guard isName(name) else { throw fail("no variable name before the =") }
      guard let value = value(line[line.index(after: equals)...]) else {
        throw fail("a quote that does not end, or text after it")
      }
      if values.updateValue(value, forKey: String(name)) != nil {
        onRepeat(String(name), index + 1)
      }
    }
    return values
  }

  private static func isName(_ name: Substring) -> Bool {
    guard let first = name.first, !first.isNumber else { return false }
    return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }

  /// The value of a line; nil for quotes that do not fit.
  private static func value(_ text: Substring) -> String? {
    let text = text.drop { $0.isWhitespace }
    guard let quote = text.first, quote == "\"" || quote == "'" else {
      return unquoted(text)
    }
    var value = ""
    var rest = text.dropFirst()
    while let character = rest.popFirst() {
      if character == quote {
        let tail = rest.drop { $0.isWhitespace }
        return tail.isEmpty || tail.hasPrefix("#") ? value : nil
      }
      guard quote == "\"", character == "\\", let next = rest.popFirst() else {
        value.append(character)
        continue
      }
      switch next {
      case "n": value.append("\n")
      case "t": value.append("\t")
      case "\"", "\\", "$": value.append(next)
      default: value += ["\\", next]
      }
    }
    return nil
  }

  /// A comment begins at a `#` after a blank; blanks at the ends do not count.
  private static func unquoted(_ text: Substring) -> String {
    var value = ""
    for character in text {
      if character == "#", value.last?.isWhitespace ?? true { break }
      value.append(character)
    }
    let start = value.drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}

extension EnvironmentFile.BadLine: Explainable {
  var explanation: CommandError {
    .configuration(
      "invalid_env", "\(path):\(line): \(reason)",
      hint: "a line is KEY=value, KEY=\"value\" or a # comment")
  }
}
