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
    let header = titles.map { Cell($0, .bold) }
    return ([header] + cells).map { line($0, widths, limit: limit, color: color) + "\n" }.joined()
  }

  private func line(_ cells: [Cell], _ widths: [Int], limit: Int?, color: Bool) -> String {
    var line = ""
    var used = 0
    for (column, cell) in cells.enumerated() {
      let room = limit.map { $0 - used } ?? .max
      guard room > 0 else { break }
      let text = DisplayWidth.truncated(cell.text, to: room)
      let painted = color ? cell.color?.applied(to: text) ?? text : text
      let padding = String(repeating: " ", count: max(0, widths[column] - DisplayWidth.of(text)))
      let isLast = column == cells.count - 1
      switch alignments[column] {
      case .right where DisplayWidth.of(text) + padding.count <= room: line += padding + painted
      case .right: line += painted
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
