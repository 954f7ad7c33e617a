/// Cells in columns, aligned as a terminal shows them.
struct Table: Sendable {
  /// Between two columns.
  private static let gap = "  "

  let columns: [Column]
  let rows: [[Cell]]

  /// The lines. Where they are wider than `limit`, texts are cut; if that is not enough, moments are
  /// shown by their days and the columns that may leave do so, one by one. Ids stay whole.
  func text(columns limit: Int?, color: Bool) -> String {
    let cells = rows.map { $0.map { Cell(VisibleText.of($0.text), $0.color) } }
    let (shown, widths) = layout(of: cells, limit: limit)
    let header = columns.map { Cell($0.title, .bold) }
    return ([header] + cells)
      .map { line($0, shown, widths, limit: limit, color: color) + "\n" }.joined()
  }

  /// Which columns are shown, and how wide each is.
  private func layout(of cells: [[Cell]], limit: Int?) -> (shown: [Int], widths: [Int]) {
    var shown = columns.indices.map { $0 }
    var widths = columns.enumerated().map { index, column in
      cells.reduce(DisplayWidth.of(column.title)) { max($0, DisplayWidth.of($1[index].text)) }
    }
    guard let limit else { return (shown, widths) }
    if shrink(&widths, shown, to: limit) { return (shown, widths) }
    for column in shown where columns[column].fit == .day {
      widths[column] = max(DisplayWidth.of(columns[column].title), Self.dayWidth)
    }
    while !shrink(&widths, shown, to: limit) {
      guard let next = nextToLeave(shown) else {
        for column in shown { widths[column] = min(widths[column], least(of: column)) }
        break
      }
      shown.removeAll { $0 == next }
    }
    return (shown, widths)
  }

  /// `2026-11-20`.
  private static let dayWidth = 10

  private func least(of column: Int) -> Int {
    if case .cut(let least) = columns[column].fit { least } else { .max }
  }

  private func nextToLeave(_ shown: [Int]) -> Int? {
    shown.filter { columns[$0].leavesAs > 0 }.max { columns[$0].leavesAs < columns[$1].leavesAs }
  }

  /// Takes room from the widest of the texts, so that the columns behind them stay in sight; false,
  /// with the widths as they were, where there is not enough to take.
  private func shrink(_ widths: inout [Int], _ shown: [Int], to limit: Int) -> Bool {
    let gaps = Self.gap.count * max(0, shown.count - 1)
    var narrower = widths
    while shown.reduce(gaps, { $0 + narrower[$1] }) > limit {
      let texts = shown.filter { narrower[$0] > least(of: $0) }
      guard let widest = texts.max(by: { narrower[$0] < narrower[$1] }) else { return false }
      narrower[widest] -= 1
    }
    widths = narrower
    return true
  }

  private func line(
    _ cells: [Cell], _ shown: [Int], _ widths: [Int], limit: Int?, color: Bool
  ) -> String {
    var line = ""
    var used = 0
    for column in shown {
      let fit = columns[column].fit
      let rest = fit == .whole ? .max : limit.map { $0 - used } ?? .max
      let room = min(rest, widths[column])
      guard room > 0 else { break }
      let cell = fit == .day ? cells[column].shortened(to: room) : cells[column]
      let text = DisplayWidth.truncated(cell.text, to: room)
      let painted = color ? cell.color?.applied(to: text) ?? text : text
      let padding = String(repeating: " ", count: max(0, widths[column] - DisplayWidth.of(text)))
      let isLast = column == shown.last
      switch columns[column].alignment {
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

extension Cell {
  /// The day of a moment that does not fit.
  fileprivate func shortened(to room: Int) -> Cell {
    DisplayWidth.of(text) <= room ? self : Cell(String(text.prefix { $0 != " " }), color)
  }
}
