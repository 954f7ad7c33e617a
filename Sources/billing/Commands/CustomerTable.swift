import Basics
import BillingCore
private import SwiftCSV

/// The lines of a customer file, each read or with what is wrong with it.
struct CustomerTable: Sendable {
  struct Line: Sendable {
    /// As editors count: the header is line 1.
    let number: Int
    let fields: Result<CustomerFields, CommandError>
  }

  let lines: [Line]

  init(reading path: String, named name: String) throws {
    guard Files.exists(path) else { throw CommandError.notFound("\(name): no such file") }
    do {
      try self.init(parsing: Files.text(of: path), named: name)
    } catch let error as FileError {
      throw FileError(path: name, errno: error.errno)
    }
  }

  init(parsing text: String, named name: String) throws(CommandError) {
    let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    let table: CSV<Enumerated>
    let quotes = CommandError.usage(
      "\(name) is no CSV file: a quote does not end where it should")
    guard !Self.hasOpenQuote(text) else { throw quotes }
    do {
      table = try CSV<Enumerated>(string: text, delimiter: .comma, loadColumns: false)
    } catch {
      throw quotes
    }
    let header = table.header.map { $0.filter { !$0.isWhitespace } }
    try Self.check(header, named: name)
    guard !table.rows.isEmpty else {
      throw .usage("\(name) has no lines under its header; nothing was compared")
    }
    var firstLines: [String: Int] = [:]
    lines = table.rows.enumerated().map { index, cells in
      let number = index + 2
      var fields = Self.fields(cells, header)
      if case .success(let read) = fields, let id = read.externalID {
        if let first = firstLines[id] {
          fields = .failure(Self.twice(id, first))
        } else {
          firstLines[id] = number
        }
      }
      return Line(number: number, fields: fields)
    }
  }

  /// Lines are worked on at the same time, so that two of one id could make two customers.
  private static func twice(_ id: String, _ first: Int) -> CommandError {
    .usage("external_id \(id) stands in line \(first) already; it was not used")
  }

  /// Whether the text ends within quotes, which the parser takes for the end of the cell.
  private static func hasOpenQuote(_ text: String) -> Bool {
    var (isQuoted, mayOpen) = (false, true)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\"") where isQuoted: (isQuoted, mayOpen) = (false, true)
      case UInt8(ascii: "\"") where mayOpen: isQuoted = true
      case UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"): mayOpen = true
      default: mayOpen = false
      }
    }
    return isQuoted
  }

  private static let columns = ["external_id", "email", "name", "description"]

  private static func check(_ header: [String], named name: String) throws(CommandError) {
    guard !header.contains(where: { CardNumber.stands(in: $0) }) else {
      throw .usage("\(name):1: a column has a card number for a name")
    }
    guard header.contains("external_id") else {
      throw .usage(
        "\(name):1: there is no column external_id",
        hint: "the first line names the columns: \(columns.joined(separator: ",")),metadata.KEY")
    }
    if let column = header.first(where: { !isKnown($0) }) {
      let nearest = NearestName.of(column, among: columns)
      throw .usage(
        "\(name):1: unknown column \(VisibleText.of(column))",
        hint: nearest.map { "did you mean \($0)?" })
    }
    if let column = header.first(where: { column in header.count { $0 == column } > 1 }) {
      throw .usage("\(name):1: the column \(column) stands twice")
    }
  }

  private static func isKnown(_ column: String) -> Bool {
    columns.contains(column) || (column.hasPrefix("metadata.") && column != "metadata.")
  }

  private static func fields(
    _ cells: [String], _ header: [String]
  ) -> Result<CustomerFields, CommandError> {
    guard cells.count == header.count else {
      return .failure(.usage("\(cells.count) cells under \(header.count) columns"))
    }
    guard !cells.contains(where: { CardNumber.stands(in: $0) }) else {
      return .failure(.usage("a cell holds a card number; it was not used"))
    }
    var fields = CustomerFields()
    for (column, cell) in zip(header, cells) {
      switch column {
      case "external_id": fields.externalID = cell
      case "email": fields.email = cell.isEmpty ? nil : cell
      case "name": fields.name = cell
      case "description": fields.description = cell
      default: fields.metadata[String(column.dropFirst("metadata.".count))] = cell
      }
    }
    guard let id = fields.externalID, CustomerReference(id) == .externalID(id) else {
      return .failure(.usage("external_id is missing, or is no id of yours"))
    }
    if let email = fields.email, !EmailAddress.isPossible(email) {
      return .failure(.usage("email is no e-mail address"))
    }
    return .success(fields)
  }
}
