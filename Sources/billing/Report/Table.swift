/// Cells in columns, aligned as a terminal shows them.
struct Table: Sendable {
  /// Between two columns.
  private static let gap = "  "

  let titles: [String]
  let alignments: [Column.Alignment]
  let rows: [[Cell]]

  /// The lines; wider ones are cut at `columns`, where that is known.
  func text(columns limit: Int?, color: Bool) -> String {
    let cells = rows.map { $0.map { Cell(VisibleText.of($0.text), $0.color) } }
    var widths = titles.map { DisplayWidth.of($0) }
    for row in cells {
      for (column, cell) in row.enumerated() {
        widths[column] = max(widths[column], DisplayWidth.of(cell.text))
      }
    }
    if let limit { shrink(&widths, to: limit) }
    let header = titles.map { Cell($0, .bold) }
    return ([header] + cells).map { line($0, widths, limit: limit, color: color) + "\n" }.joined()
  }

  /// Takes room from the widest of the texts, so that the columns behind them stay in sight.
  private func shrink(_ widths: inout [Int], to limit: Int) {
    let leastWidth = 8
    let gaps = Self.gap.count * max(0, widths.count - 1)
    while widths.reduce(gaps, +) > limit {
      let texts = widths.indices.filter { alignments[$0] == .left && widths[$0] > leastWidth }
      guard let widest = texts.max(by: { widths[$0] < widths[$1] }) else { return }
      widths[widest] -= 1
    }
  }

  private func line(_ cells: [Cell], _ widths: [Int], limit: Int?, color: Bool) -> String {
    var line = ""
    var used = 0
    for (column, cell) in cells.enumerated() {
      let room = min(limit.map { $0 - used } ?? .max, widths[column])
      guard room > 0 else { break }
      let text = DisplayWidth.truncated(cell.text, to: room)
      let painted = color ? cell.color?.applied(to: text) ?? text : text
      let padding = String(repeating: " ", count: max(0, widths[column] - DisplayWidth.of(text)))
      let isLast = column == cells.count - 1
      switch alignments[column] {
      case .right: line += (padding.count + DisplayWidth.of(text) <= room ? padding : "") + painted
      case .left: line += painted + (isLast ? "" : padding)
      }
      line += isLast ? "" : Self.gap
      used += max(widths[column], DisplayWidth.of(text)) + Self.gap.count
    }
    return Self.withoutTrailingBlanks(line)
  }

  private static func withoutTrailingBlanks(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }
}
