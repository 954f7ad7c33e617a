/// A table that can be read on any screen, and by a voice: on a narrow one its rows become lines with
/// names before the values, or it is moved sideways in a frame of its own.
struct HTMLTable {
  enum Narrow { case stacks, scrolls }

  struct Column {
    let title: String
    var isNumber = false

    init(_ title: String) { self.title = title }

    static func number(_ title: String) -> Column {
      var column = Column(title)
      column.isNumber = true
      return column
    }

    fileprivate var style: HTML { isNumber ? #" class="number""# : .none }
  }

  /// What the table is about; heard, and seen where `showsCaption`.
  let caption: String
  var showsCaption = false
  let columns: [Column]
  /// The first cell of a row is its name.
  let rows: [[HTML]]
  var narrow = Narrow.stacks

  var html: HTML {
    let heads = columns.map { column -> HTML in
      column.title.isEmpty
        ? "<td></td>" : "<th scope=\"col\"\(column.style)>\(column.title)</th>"
    }
    let table: HTML = """
      <table\(narrow == .stacks ? #" class="stacks""# : .none)\(label)>
      \(showsCaption ? "<caption>\(caption)</caption>\n" : .none)\
      <thead><tr>\(heads.joined(.none))</tr></thead>
      <tbody>
      \(rows.map(row).joined())
      </tbody>
      </table>
      """
    guard narrow == .scrolls else { return table }
    return """
      <div class="wide" tabindex="0" role="region" aria-label="\(caption)">\(table)</div>
      """
  }

  private var label: HTML { showsCaption ? .none : " aria-label=\"\(caption)\"" }

  private func row(_ cells: [HTML]) -> HTML {
    let cells = zip(columns, cells).enumerated().map { index, pair -> HTML in
      let (column, cell) = pair
      if index == 0 { return "<th scope=\"row\"\(column.style)>\(cell)</th>" }
      return "<td\(column.style) data-label=\"\(column.title)\">\(cell)</td>"
    }
    return "<tr>\(cells.joined(.none))</tr>"
  }
}
