private import SwiftCSV

/// A CSV file under its header, each record with the line on which it begins. Records without a
/// value are blank lines and are left out.
struct CSVTable: Sendable {
  struct Record: Sendable, Hashable {
    /// As editors count: the header is line 1.
    let line: Int
    /// As many as the header has, or more.
    let cells: [String]
  }

  /// Without the blanks around the names.
  let header: [String]
  let records: [Record]

  /// Longer cells are refused: nothing that Stripe takes comes near, and a quote without its end
  /// makes one cell of all that follows.
  static let maximumCell = 10_000
  static let tooLong = "has more than 10,000 characters"

  init(parsing text: String, named name: String) throws(CommandError) {
    let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    let quotes = CommandError.usage(
      "\(name) is no CSV file: a quote does not end where it should")
    guard let lines = try Self.lines(ofRecordsIn: text, named: name) else { throw quotes }
    var rows: [[String]] = []
    let table: CSV<Enumerated>
    do {
      table = try CSV<Enumerated>(string: text, delimiter: .comma, loadColumns: false)
      try table.enumerateAsArray(startAt: 1, rowLimit: nil) { rows.append($0) }
    } catch {
      throw quotes
    }
    let header = table.header.map { TableText.trimmed($0) }
    guard !header.contains(where: { CardNumber.stands(in: $0) }) else {
      throw .usage("\(name):1: a column has a card number for a name")
    }
    self.header = header
    records = zip(lines.dropFirst(), rows).compactMap { line, cells in
      guard cells.contains(where: { !$0.isEmpty }) else { return nil }
      let missing = max(0, header.count - cells.count)
      return Record(line: line, cells: cells + Array(repeating: "", count: missing))
    }
    if let column = header.first(where: { column in header.count { $0 == column } > 1 }) {
      throw .usage("\(name):1: the column \(Arguments.quoted(column)) stands twice")
    }
  }

  /// The line on which each record begins; nil where the text ends within quotes, which the parser
  /// would take for the end of the cell.
  private static func lines(
    ofRecordsIn text: String, named name: String
  ) throws(CommandError) -> [Int]? {
    var lines = [1]
    var (line, isQuoted, mayOpen, length) = (1, false, true, 0)
    for character in text {
      length = !isQuoted && (character == "," || character.endsLine) ? 0 : length + 1
      guard length <= maximumCell else {
        throw .usage(
          "\(name):\(lines.last ?? 1): a cell \(tooLong)", hint: "is the end of a quote missing?")
      }
      if character.endsLine { line += 1 }
      switch character {
      case "\"" where isQuoted: (isQuoted, mayOpen) = (false, true)
      case "\"" where mayOpen: isQuoted = true
      case "," where !isQuoted: mayOpen = true
      case _ where character.endsLine && !isQuoted:
        mayOpen = true
        lines.append(line)
      case _ where !character.isWhitespace: mayOpen = false
      default: break
      }
    }
    return isQuoted ? nil : lines
  }
}
