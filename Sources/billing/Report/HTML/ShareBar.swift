/// A bar that is filled as far as a part of a whole goes, to stand beside its number.
enum ShareBar {
  /// - Parameter style: the class that colours it.
  static func html(_ part: Int64, of whole: Int64, style: String, title: String) -> HTML {
    let filled = whole > 0 ? min(max(part, 0), whole) : 0
    return """
      <svg class="share" role="img" aria-label="\(title)" width="100%" height="8">\
      <title>\(title)</title><rect class="rest" width="100%" height="8" rx="4"/>\
      <rect class="\(style)" width="\(.percent(filled, of: max(1, whole)))" height="8" rx="4"/></svg>
      """
  }

  /// For a page with such bars.
  static let style = """
    .share { display: block; min-width: 5rem; max-width: 16rem; margin: .5rem 0 }
    .good { fill: var(--good) } .warn { fill: var(--warn) } .bad { fill: var(--bad) }
    """
}

extension HTML {
  /// A part of a whole in percent, to two places: `63.25%`.
  static func percent(_ part: some BinaryInteger, of whole: some BinaryInteger) -> HTML {
    let (high, low) = UInt64(part).multipliedFullWidth(by: 10_000)
    let hundredths = UInt64(whole).dividingFullWidth((high, low)).quotient
    let (units, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
    return HTML(stringLiteral: "\(units).\(rest < 10 ? "0" : "")\(rest)%")
  }
}
