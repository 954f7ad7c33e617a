import Basics
import BillingCore

/// A file of operations, read whole and found right before anything of it is done.
struct ApplyTable: Sendable {
  let lines: [ApplyLine]

  /// How many mistakes are told one by one.
  private static let shownMistakes = 100

  /// - Parameter catalogue: whose plans there are; asked only where a line names one.
  init(
    parsing text: String, named name: String, catalogue: () throws -> Catalogue
  ) throws {
    let isJSON = text.first { !$0.isWhitespace && $0 != "\u{FEFF}" } == "{"
    var mistakes: [ApplyLine.Mistake] = []
    var lines: [ApplyLine] = []
    let records = isJSON ? Self.objects(text) : try Self.records(text, named: name)
    for record in records {
      do throws(ApplyLine.Mistake) {
        lines.append(try ApplyLine(record.line, record.cells.get()))
      } catch {
        mistakes.append(error)
      }
    }
    if lines.contains(where: { $0.planID != nil }) {
      mistakes += try Self.unknownPlans(lines, catalogue())
    }
    guard mistakes.isEmpty else { throw Self.error(mistakes, named: name) }
    guard !lines.isEmpty else {
      throw CommandError.usage("\(name) has no lines; nothing was done", hint: Self.columnsHint)
    }
    self.lines = ApplyLine.counted(lines)
  }

  private static let columnsHint =
    "the first line names the columns: \(ApplyLine.columns.joined(separator: ","))"

  private static func unknownPlans(
    _ lines: [ApplyLine], _ catalogue: Catalogue
  ) -> [ApplyLine.Mistake] {
    lines.compactMap { line in
      guard let id = line.planID, catalogue.plan(id) == nil else { return nil }
      let nearest = catalogue.nearestPlanID(to: id).map { "; did you mean \($0)?" } ?? ""
      return ApplyLine.Mistake(
        line: line.number, column: "plan",
        message: "there is no plan \(Arguments.quoted(id))\(nearest)")
    }
  }

  private static func error(
    _ mistakes: [ApplyLine.Mistake], named name: String
  ) -> CommandError {
    let sorted = mistakes.sorted { $0.line < $1.line }
    var error = CommandError.usage(
      mistakes.count == 1
        ? "\(name) has a mistake; nothing was done"
        : "\(name) has \(mistakes.count) mistakes; nothing was done")
    error.details = sorted.prefix(shownMistakes).map { mistake in
      [
        "file": .string(name), "line": .integer(Int64(mistake.line)),
        "column": JSON(mistake.column), "message": .string(mistake.message),
      ]
    }
    return error
  }

  // MARK: The two forms of a file

  private struct Record {
    let line: Int
    /// What stands in the columns, without the empty ones.
    let cells: Result<[String: String], ApplyLine.Mistake>
  }

  private static func records(_ text: String, named name: String) throws -> [Record] {
    let table = try CSVTable(parsing: text, named: name)
    if let column = table.header.first(where: { !ApplyLine.columns.contains($0) }) {
      throw CommandError.usage(
        "\(name):1: unknown column \(Arguments.quoted(column))",
        hint: NearestName.of(column, among: ApplyLine.columns).map { "did you mean \($0)?" }
          ?? columnsHint)
    }
    return table.records.map { record in
      guard record.cells.count == table.header.count else {
        return Record(
          line: record.line,
          cells: .failure(
            .init(
              line: record.line,
              message: "\(record.cells.count) cells under \(table.header.count) columns")))
      }
      let cells = zip(table.header, record.cells).filter { !$0.1.isEmpty }
      return Record(
        line: record.line, cells: .success(Dictionary(cells, uniquingKeysWith: { $1 })))
    }
  }

  private static func objects(_ text: String) -> [Record] {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: { $0.endsLine })
    return lines.enumerated().compactMap { index, line in
      guard line.contains(where: { !$0.isWhitespace && $0 != "\u{FEFF}" }) else { return nil }
      let number = index + 1
      do throws(ApplyLine.Mistake) {
        return Record(line: number, cells: .success(try cells(of: String(line), number)))
      } catch {
        return Record(line: number, cells: .failure(error))
      }
    }
  }

  private static func cells(
    of line: String, _ number: Int
  ) throws(ApplyLine.Mistake) -> [String: String] {
    guard let object = (try? JSON(parsing: line))?.object else {
      throw ApplyLine.Mistake(line: number, message: "is no JSON object")
    }
    var cells: [String: String] = [:]
    for (key, value) in object {
      guard ApplyLine.columns.contains(key) else {
        let nearest = NearestName.of(key, among: ApplyLine.columns)
        throw ApplyLine.Mistake(
          line: number,
          message: "unknown key \(CardNumber.stands(in: key) ? "" : Arguments.quoted(key))"
            + (nearest.map { "; did you mean \($0)?" } ?? ""))
      }
      switch value {
      case .string(let text) where text.count > CSVTable.maximumCell:
        throw ApplyLine.Mistake(line: number, column: key, message: CSVTable.tooLong)
      case .string(let text): cells[key] = text.isEmpty ? nil : text
      case .integer(let number): cells[key] = String(number)
      case .null: break
      case .bool, .decimal, .array, .object:
        throw ApplyLine.Mistake(
          line: number, column: key, message: "must be a text or a whole number")
      }
    }
    return cells
  }
}
