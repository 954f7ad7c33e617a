import Basics
import GRDB

/// The columns that lists and reports read stand beside the objects that they were made from.
extension Transaction {
  /// Where a table of the mirror is not what the objects say, at most so many of each table. What
  /// the catalogue decides, such as the plan, is left out: it may have changed since.
  package func columnDifferences(limit: Int) throws -> [ColumnDifference] {
    try MirroredTable.all.flatMap { try differences(of: $0, limit: limit) }
  }

  /// Whether the columns of one object are not what it says; false of what has none.
  func hasOtherColumns(_ id: String, type: String) throws -> Bool {
    guard let table = MirroredTable.all.first(where: { $0.type == type }),
      let object = try storedObject(id)?.json
    else { return false }
    let statement = try database.cachedStatement(sql: "SELECT * FROM \(table.name) WHERE id = ?")
    guard let row = try Row.fetchOne(statement, arguments: [id]) else {
      return object["deleted"] != true
    }
    return !table.differences(of: row, from: object).isEmpty
  }

  private func differences(of table: MirroredTable, limit: Int) throws -> [ColumnDifference] {
    var found: [ColumnDifference] = []
    let rows = try Row.fetchCursor(database, sql: "SELECT * FROM \(table.name) ORDER BY id")
    while found.count < limit, let row = try rows.next() {
      let id: String = row["id"]
      let columns = try storedObject(id).map { table.differences(of: row, from: $0.json) } ?? [nil]
      found += columns.map { ColumnDifference(objectID: id, type: table.type, column: $0) }
    }
    let alone = try String.fetchAll(
      database,
      sql: """
        SELECT id FROM objects AS o WHERE type = ?
          AND NOT EXISTS (SELECT 1 FROM \(table.name) AS t WHERE t.id = o.id) ORDER BY id
        """, arguments: [table.type])
    for id in alone where try storedObject(id)?.json["deleted"] != true {
      found.append(ColumnDifference(objectID: id, type: table.type, column: nil))
    }
    return found
  }
}

/// A table of the mirror, and where in an object its columns are said.
private struct MirroredTable {
  let name: String
  let type: String
  /// The column that tells a deleted one, and its value then; nil where its row is removed.
  var deletion: (column: String, value: Int64)?
  /// `column` or `column=path.in.the.object`, each with `|what stands for nothing`.
  let columns: [String]

  static let all = [
    MirroredTable(
      name: "customers", type: "customer", deletion: ("deleted", 1),
      columns: ["email", "name", "description", "balance|0", "currency", "delinquent|0", "created"]),
    MirroredTable(
      name: "subscriptions", type: "subscription",
      columns: [
        "customer", "status", "currency", "cancel_at_period_end|0", "trial_end", "cancel_at",
        "canceled_at", "ended_at", "latest_invoice", "pause_behavior=pause_collection.behavior",
        "pause_resumes_at=pause_collection.resumes_at", "created",
      ]),
    MirroredTable(
      name: "invoices", type: "invoice",
      columns: [
        "customer", "number", "status|draft", "currency", "subtotal", "total", "amount_due",
        "amount_paid", "amount_remaining", "attempt_count|0", "next_payment_attempt",
        "period_start", "period_end", "created",
      ]),
    MirroredTable(
      name: "payment_methods", type: "payment_method",
      columns: [
        "customer", "type", "brand=card.brand", "last4=card.last4",
        "exp_month=card.exp_month", "exp_year=card.exp_year",
      ]),
    MirroredTable(
      name: "products", type: "product", deletion: ("deleted", 1), columns: ["name", "active|1"]),
    MirroredTable(
      name: "prices", type: "price", deletion: ("active", 0),
      columns: [
        "product", "lookup_key", "currency", "unit_amount", "interval=recurring.interval",
        "meter=recurring.meter", "active|1",
      ]),
    MirroredTable(
      name: "refunds", type: "refund",
      columns: ["amount", "currency", "status|pending", "reason", "created"]),
  ]

  /// The columns of a row that are not what the object says; nil for a row that should not be.
  func differences(of row: Row, from object: JSON) -> [String?] {
    guard object["deleted"] != true else {
      guard let (column, value) = deletion else { return [nil] }
      return row[column] as Int64 == value ? [] : [column]
    }
    var differing: [String] = []
    for text in columns {
      let (name, said) = Self.said(text, by: object)
      if row[name] as DatabaseValue != said { differing.append(name) }
    }
    return differing
  }

  private static func said(_ text: String, by object: JSON) -> (name: String, value: DatabaseValue)
  {
    let halves = text.split(separator: "|")
    let names = halves[0].split(separator: "=")
    let path = names[names.count - 1].split(separator: ".").map { String($0) }
    let value = path.reduce(object as JSON?) { $0?[$1] }?.columnValue ?? .null
    guard value.isNull, halves.count > 1 else { return (String(names[0]), value) }
    let standIn = String(halves[1])
    return (String(names[0]), Int64(standIn)?.databaseValue ?? standIn.databaseValue)
  }
}

extension JSON {
  /// As a column has it; nil for what no column has.
  fileprivate var columnValue: DatabaseValue? {
    switch self {
    case .string(let text): text.databaseValue
    case .integer(let number): number.databaseValue
    case .bool(let flag): flag.databaseValue
    default: nil
    }
  }
}
