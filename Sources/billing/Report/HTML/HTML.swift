import BillingCore

/// Markup that a text from outside cannot break: what is put into it is escaped, unless it is markup
/// itself.
struct HTML: Sendable, Hashable {
  let markup: String

  static let none: HTML = ""

  private init(markup: String) { self.markup = markup }

  init(text: String) { markup = Self.escaped(text) }

  var isEmpty: Bool { markup.isEmpty }

  /// A text that cannot leave its element or its attribute; what is not to be seen in it, as marks
  /// that turn the direction of writing around, is made visible, and a line break is a blank.
  static func escaped(_ text: String) -> String {
    let line = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    return HTMLText.escaped(VisibleText.of(line))
  }
}

extension HTML: ExpressibleByStringInterpolation {
  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var markup = ""

    init(literalCapacity: Int, interpolationCount: Int) { markup.reserveCapacity(literalCapacity) }

    mutating func appendLiteral(_ literal: String) { markup += literal }
    mutating func appendInterpolation(_ html: HTML) { markup += html.markup }
    mutating func appendInterpolation(_ text: String) { markup += HTML.escaped(text) }
    mutating func appendInterpolation(_ number: Int) { markup += String(number) }
    mutating func appendInterpolation(_ number: Int64) { markup += String(number) }
  }

  init(stringLiteral markup: String) { self.init(markup: markup) }
  init(stringInterpolation: StringInterpolation) { self.init(markup: stringInterpolation.markup) }
}

extension Sequence<HTML> {
  func joined(_ separator: HTML = "\n") -> HTML {
    var (result, isFirst) = ("", true)
    for part in self where !part.isEmpty {
      result += (isFirst ? "" : separator.markup) + part.markup
      isFirst = false
    }
    return HTML(stringLiteral: result)
  }
}
