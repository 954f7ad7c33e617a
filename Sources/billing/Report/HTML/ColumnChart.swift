/// Columns beside each other, drawn as SVG: what counts for more stands on each other above the line,
/// what counts against it hangs below.
///
/// Widths are percentages and heights pixels, so that letters keep their size on any screen.
struct ColumnChart {
  struct Series {
    let name: String
    /// The class that colours it.
    let style: String
  }

  struct Column {
    /// Under the axis; empty where there is no room for each.
    let label: String
    /// A second line, as the year where it begins.
    var note = ""
    /// The whole name, for who points at the column.
    let title: String
    /// One for each series.
    let values: [Int64]
  }

  let title: String
  let series: [Series]
  let columns: [Column]
  /// What no step of the axis is smaller than.
  var unit: Int64 = 1
  /// How a value reads at the axis, and in full.
  let tick: @Sendable (Int64) -> String
  let value: @Sendable (Int64) -> String
  /// Writes the sum above each column, where the screen is wide enough.
  var showsSums = false

  private static let height: Int64 = 220

  var html: HTML {
    let scale = AxisScale(
      from: columns.map(below).min() ?? 0, to: columns.map(above).max() ?? 0, unit: unit)
    let ticks = scale.ticks.map { (value: $0, text: tick($0)) }
    let width = ticks.map { $0.text.count }.max() ?? 0
    return """
      <figure class="chart" style="--axis: \(width)ch">
      <figcaption>\(title)</figcaption>
      \(legend)
      <svg role="img" aria-label="\(title)" height="\(Self.height + 64)">
      \(ticks.map { line($0.value, $0.text, scale) }.joined())
      \(columns.enumerated().map { column($1, at: $0, scale) }.joined())
      </svg>
      </figure>
      """
  }

  private func above(_ column: Column) -> Int64 { column.values.filter { $0 > 0 }.reduce(0, +) }
  private func below(_ column: Column) -> Int64 { column.values.filter { $0 < 0 }.reduce(0, +) }

  private var legend: HTML {
    guard series.count > 1 else { return .none }
    let names = series.map { series -> HTML in
      "<li><svg width=\"12\" height=\"12\" aria-hidden=\"true\"><rect class=\"\(series.style)\" width=\"12\" height=\"12\"/></svg> \(series.name)</li>"
    }
    return "<ul class=\"legend\">\(names.joined(.none))</ul>"
  }

  // MARK: Drawing

  /// From the top of the drawing; above it there is room for the sums.
  private func top(_ value: Int64, _ scale: AxisScale) -> Int64 {
    20 + scale.offset(of: value, length: Self.height)
  }

  private func line(_ value: Int64, _ text: String, _ scale: AxisScale) -> HTML {
    let y = top(value, scale)
    let style: HTML = value == 0 ? "zero" : "grid"
    return """
      <line class="\(style)" x1="0" x2="100%" y1="\(y)" y2="\(y)"/>\
      <text class="axis" x="-8" y="\(y + 4)">\(text)</text>
      """
  }

  private func column(_ column: Column, at index: Int, _ scale: AxisScale) -> HTML {
    let (left, width) = (share(index * 100 + 18), share(64))
    var (up, down): (Int64, Int64) = (0, 0)
    var parts: [HTML] = []
    for (series, value) in zip(series, column.values) where value != 0 {
      let (from, to) = value > 0 ? (up, up + value) : (down, down + value)
      if value > 0 { up = to } else { down = to }
      let (y, end) = (top(max(from, to), scale), top(min(from, to), scale))
      parts.append(
        "<rect class=\"\(series.style)\" x=\"\(left)\" width=\"\(width)\" y=\"\(y)\" height=\"\(max(1, end - y))\"/>"
      )
    }
    let middle = share(index * 100 + 50)
    if showsSums, up > 0 {
      parts.append(
        "<text class=\"sum\" x=\"\(middle)\" y=\"\(top(up, scale) - 6)\">\(value(up))</text>")
    }
    let foot = 20 + Self.height
    for (line, text) in [column.label, column.note].enumerated() where !text.isEmpty {
      parts.append(
        "<text class=\"label\" x=\"\(middle)\" y=\"\(foot + 18 + Int64(line) * 16)\">\(text)</text>"
      )
    }
    return """
      <g><title>\(words(of: column))</title>\
      <rect class="target" x="\(share(index * 100))" width="\(share(100))" y="20" \
      height="\(Self.height)"/>\(parts.joined(.none))</g>
      """
  }

  /// `November 2026: new $1,200.00, churn −$100.00`
  private func words(of column: Column) -> String {
    let parts = zip(series, column.values).filter { $1 != 0 }.map { "\($0.name) \(value($1))" }
    return "\(column.title): \(parts.isEmpty ? "nothing" : parts.joined(separator: ", "))"
  }

  /// So many hundredths of a column, as a percentage of all.
  private func share(_ hundredths: Int) -> HTML {
    .percent(hundredths, of: 100 * max(1, columns.count))
  }

  /// For a page with charts.
  static let style = """
    :root { --one: #0969da; --two: #54aeff; --three: #8250df; --four: #fb8f44; --five: #cf222e }
    @media (prefers-color-scheme: dark) {
      :root { --one: #1f6feb; --two: #79c0ff; --three: #a371f7; --four: #f0883e; --five: #da3633 }
    }
    .one { fill: var(--one) } .two { fill: var(--two) } .three { fill: var(--three) }
    .four { fill: var(--four) } .five { fill: var(--five) } .rest { fill: var(--line) }
    figure { margin: 1.5rem 0 }
    figcaption { font-weight: 600 }
    .legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .25rem 0 0; padding: 0;
      list-style: none; font-size: .875rem; color: var(--soft) }
    .chart > svg { display: block; overflow: visible; font-size: .75rem;
      margin: .5rem 0 0 calc(var(--axis) * .75 + 1rem);
      width: calc(100% - var(--axis) * .75 - 1rem) }
    .grid { stroke: var(--line) } .zero { stroke: var(--soft) }
    .axis, .label, .sum { fill: var(--soft) }
    .axis { text-anchor: end } .label, .sum { text-anchor: middle }
    .sum { fill: var(--ink) }
    .target { fill: transparent } g:hover > .target { fill: var(--wash) }
    @media (max-width: 60rem) { .sum { display: none } }
    @media (max-width: 40rem) { .label { font-size: .6875rem } }
    """
}
