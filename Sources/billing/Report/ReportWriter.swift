import Basics

/// Renders a report in the format of the run, to standard output.
struct ReportWriter {
  private let context: Context
  private var output: any TextOutput { context.output }

  init(_ context: Context) { self.context = context }

  func write(_ report: some Report) async throws {
    switch (context.settings.format, report.data) {
    case (.table, _), (_, .none): try await writeHuman(report)
    case (.json, .object(let object)): output.write(JSON.object(object).pretty + "\n")
    case (.jsonl, .object(let object)): output.write(JSON.object(object).compact + "\n")
    case (.csv, .object(let object)):
      if let rows = report.csvRows { return try await writeCSV(rows) }
      output.write(CSVText.line(object.keys))
      output.write(CSVText.line(object.keys.map { CSVText.cell(object[$0]) }))
    case (.json, .list(let rows)): try await writeJSON(rows)
    case (.jsonl, .list(let rows)):
      try await forEach(rows) { output.write($0.compact + "\n") }
    case (.csv, .list(let rows)): try await writeCSV(rows)
    }
  }

  // MARK: Lists

  private func forEach(_ rows: Rows, _ body: (JSON) throws -> Void) async throws {
    switch rows.source {
    case .array(let array): for row in array { try body(row) }
    case .stream(let stream): for try await row in stream { try body(row) }
    case .work(let work): try await work(body)
    }
  }

  private func writeJSON(_ rows: Rows) async throws {
    if case .array(let array) = rows.source {
      let list: JSON = ["data": .array(array), "has_more": .bool(rows.hasMore)]
      return output.write(list.pretty + "\n")
    }
    var separator = "{\"data\":[\n"
    try await forEach(rows) { row in
      output.write(separator + row.compact)
      separator = ",\n"
    }
    let opening = separator.hasPrefix("{") ? "{\"data\":[" : "\n"
    output.write(opening + "],\"has_more\":\(rows.hasMore)}\n")
  }

  private func writeCSV(_ rows: Rows) async throws {
    var keys = rows.keys
    if let keys { output.write(CSVText.line(keys)) }
    try await forEach(rows) { row in
      let header = keys ?? row.object?.keys ?? []
      if keys == nil { output.write(CSVText.line(header)) }
      keys = header
      output.write(CSVText.line(header.map { CSVText.cell(row[$0]) }))
    }
  }

  // MARK: For people

  private func writeHuman(_ report: some Report) async throws {
    try await writeHuman(report.human, report.data) {
      if case .failed = report.outcome { true } else { false }
    }
  }

  /// - Parameter isFailed: asked when all rows are there: nothing is said of none that were cut off.
  private func writeHuman(
    _ form: HumanForm, _ data: ReportData, isFailed: () -> Bool
  ) async throws {
    switch form {
    case .text(let text): output.write(text.hasSuffix("\n") ? text : text + "\n")
    case .details(let fields): output.write(details(fields))
    case .rows(let columns, let rows):
      let cells = rows.map { row in columns.map { $0.cell(row) } }
      output.write(table(columns, cells, limit: nil))
    case .sections(let forms):
      for (index, form) in forms.enumerated() {
        if index > 0 { output.write("\n") }
        try await writeHuman(form, data, isFailed: isFailed)
      }
    case .table(let columns, let empty):
      var cells: [[Cell]] = []
      var hasMore = false
      if case .list(let rows) = data {
        hasMore = rows.hasMore
        try await forEach(rows) { row in cells.append(columns.map { $0.cell(row) }) }
      }
      guard !cells.isEmpty else {
        if !isFailed() { context.note(empty) }
        return
      }
      output.write(table(columns, cells, limit: columnLimit))
      if hasMore { context.note("there are more; --limit N or --all shows them") }
    }
  }

  private func table(_ columns: [Column], _ cells: [[Cell]], limit: Int?) -> String {
    Table(columns: columns, rows: cells)
      .text(columns: limit, color: context.settings.usesColor)
  }

  private func details(_ fields: [Field]) -> String {
    let width = fields.map { DisplayWidth.of($0.title) }.max() ?? 0
    return fields.map { field in
      let padding = String(repeating: " ", count: width - DisplayWidth.of(field.title))
      let text = VisibleText.of(field.cell.text)
      let color = context.settings.usesColor
      let title = color ? Color.dim.applied(to: field.title) : field.title
      return "\(title)\(padding)  \(color ? field.cell.color?.applied(to: text) ?? text : text)\n"
    }.joined()
  }

  /// Lines are cut on a terminal only, at `COLUMNS` or its own width; a file gets all of them.
  private var columnLimit: Int? {
    guard context.world.terminal.output else { return nil }
    let given = context.environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    return given ?? context.world.terminal.columns
  }
}
