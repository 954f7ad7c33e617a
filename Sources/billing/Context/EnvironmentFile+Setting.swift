extension EnvironmentFile {
  /// The text of a file in which a variable has another value; all other lines are as they were. Of
  /// one that stands twice the last value counts, so that one is changed.
  static func setting(_ name: String, to value: String, in text: String) -> String {
    var found: Range<String.Index>?
    var start = text.startIndex
    while start < text.endIndex {
      let end = text[start...].firstIndex { $0.isNewline } ?? text.endIndex
      if let known = variable(in: text[start..<end]), known == name { found = start..<end }
      start = end < text.endIndex ? text.index(after: end) : end
    }
    let line = "\(name)=\(written(value))"
    guard let found else {
      return text + (text.last?.isNewline ?? true ? "" : "\n") + line + "\n"
    }
    let isExported = text[found].drop { $0.isWhitespace }.hasPrefix("export ")
    return text.replacingCharacters(in: found, with: (isExported ? "export " : "") + line)
  }

  /// The name that a line gives a value to.
  private static func variable(in line: Substring) -> Substring? {
    var line = line.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    if line.hasPrefix("export ") { line = line.dropFirst(7).drop { $0.isWhitespace } }
    guard !line.hasPrefix("#"), line.contains("=") else { return nil }
    return line.prefix { $0 != "=" && !$0.isWhitespace }
  }

  /// A value as it is read back: in quotes where it has more than letters, digits and a few signs.
  private static func written(_ value: String) -> String {
    let plain = value.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "_-+./=,:".contains($0))
    }
    if plain { return value }
    return "\"" + value.flatMap { "\"\\$".contains($0) ? ["\\", $0] : [$0] } + "\""
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + self[range.upperBound...]
  }
}
