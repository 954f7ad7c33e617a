/// A place in a text; line and column count from 1.
struct TextMark: Sendable, Hashable {
  let line: Int
  let column: Int
}

/// A value of a YAML text and where it stands; aliases and merge keys are resolved.
struct YAMLNode: Sendable {
  enum Content: Sendable {
    /// A scalar that is not plain (quoted, or a block) is always a text.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([Member])
  }

  struct Member: Sendable {
    let key: String
    let mark: TextMark
    let value: YAMLNode
  }

  /// What a scalar is by YAML's core schema; numbers stay text, so that they stay exact.
  enum Scalar: Sendable, Hashable {
    case null
    case flag(Bool)
    case integer(String)
    case decimal(String)
    case text(String)
  }

  let content: Content
  let mark: TextMark
  /// How many values it holds, aliases written out.
  let weight: Int

  var scalar: Scalar? {
    guard case .scalar(let text, let isPlain) = content else { return nil }
    guard isPlain else { return .text(text) }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .flag(true)
    case "false", "False", "FALSE": return .flag(false)
    default: break
    }
    return Self.number(text) ?? .text(text)
  }

  /// A number with or without sign, point and exponent; nil for anything else. By hand, since a
  /// regular expression is read anew at each use, and each gate reads the whole catalogue.
  private static func number(_ text: String) -> Scalar? {
    var rest = text.utf8[...]
    dropSign(&rest)
    let hasWhole = dropDigits(&rest)
    if rest.isEmpty { return hasWhole ? .integer(text) : nil }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard dropDigits(&rest) else { return nil }
    } else if !hasWhole {
      return nil
    }
    if rest.isEmpty { return .decimal(text) }
    guard rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") else { return nil }
    rest.removeFirst()
    dropSign(&rest)
    return dropDigits(&rest) && rest.isEmpty ? .decimal(text) : nil
  }

  private static func dropSign(_ text: inout Substring.UTF8View) {
    if text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+") { text.removeFirst() }
  }

  /// Whether there was a digit at least.
  private static func dropDigits(_ text: inout Substring.UTF8View) -> Bool {
    let rest = text.drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    defer { text = rest }
    return rest.count < text.count
  }

  var isNull: Bool { scalar == .null }

  /// What it is, for a message: `a list`, `true`, `the number 3`, `the text "x"`.
  var words: String {
    switch content {
    case .sequence: return "a list"
    case .mapping: return "a mapping"
    case .scalar: break
    }
    switch scalar {
    case .flag(let value): return "\(value)"
    case .integer(let text), .decimal(let text): return text.prefix(40).description
    case .text(let text): return "\"\(Self.shown(text))\""
    case .null, nil: return "nothing"
    }
  }

  /// A text as far as it can be shown in a message on one line.
  static func shown(_ text: String) -> String {
    let cut = text.count > 40 ? text.prefix(39) + "…" : text[...]
    return String(
      String.UnicodeScalarView(
        cut.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
  }
}

/// The mistakes that were found so far.
final class MistakeLog {
  let file: String
  private(set) var mistakes: [CatalogueMistake] = []
  private var known: Set<CatalogueMistake> = []

  init(file: String) { self.file = file }

  /// Notes a mistake; the same one at the same place (reached by two aliases) only once.
  func add(_ mark: TextMark, _ message: String) {
    let mistake = CatalogueMistake(
      file: file, line: mark.line, column: mark.column, message: message)
    if known.insert(mistake).inserted { mistakes.append(mistake) }
  }

  var sorted: [CatalogueMistake] {
    mistakes.sorted { ($0.line, $0.column, $0.message) < ($1.line, $1.column, $1.message) }
  }
}
