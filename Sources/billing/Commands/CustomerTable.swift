import Basics
import BillingCore

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
      try self.init(parsing: TableText.of(Files.bytes(of: path), named: name), named: name)
    } catch let error as FileError {
      throw FileError(path: name, errno: error.errno)
    }
  }

  init(parsing text: String, named name: String) throws(CommandError) {
    let table = try CSVTable(parsing: text, named: name)
    try Self.check(table.header, named: name)
    guard !table.records.isEmpty else {
      throw .usage("\(name) has no lines under its header; nothing was compared")
    }
    var firstLines: [String: Int] = [:]
    lines = table.records.map { record in
      let number = record.line
      var fields = Self.fields(record.cells, table.header)
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

  private static let columns = ["external_id", "email", "name", "description"]

  private static func check(_ header: [String], named name: String) throws(CommandError) {
    guard header.contains("external_id") else {
      throw .usage(
        "\(name):1: there is no column external_id",
        hint: "the first line names the columns: \(columns.joined(separator: ",")),metadata.KEY")
    }
    if let column = header.first(where: { !isKnown($0) }) {
      let nearest = NearestName.of(column, among: columns)
      throw .usage(
        "\(name):1: unknown column \(Arguments.quoted(column))",
        hint: nearest.map { "did you mean \($0)?" })
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
