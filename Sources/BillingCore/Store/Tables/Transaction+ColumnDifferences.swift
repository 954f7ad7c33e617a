import GRDB

/// The columns that lists and reports read stand beside the objects that they were made from.
extension Transaction {
  /// Where a table of the mirror is not what the objects say, at most so many of each table. What
  /// the catalogue decides, such as the plan, is left out: it may have changed since.
  package func columnDifferences(limit: Int) throws -> [ColumnDifference] {
    try MirroredTable.all.flatMap { table in
      try Row.fetchAll(database, sql: table.comparison, arguments: [limit]).map {
        ColumnDifference(objectID: $0[0], type: table.type, column: $0[1])
      }
    }
  }
}

/// A table of the mirror, and where in an object its columns are said.
private struct MirroredTable {
  let name: String
  let type: String
  /// The flag that tells a deleted one, and its value then; nil where its row is removed.
  var deletion: (column: String, value: Int)?
  /// `column`, `column=$.path`, each with `|what stands for nothing`.
  let columns: [String]

  static let all = [
    MirroredTable(
      name: "customers", type: "customer", deletion: ("deleted", 1),
      columns: ["email", "name", "description", "balance|0", "currency", "delinquent|0", "created"]),
    MirroredTable(
      name: "subscriptions", type: "subscription",
      columns: [
        "customer", "status", "currency", "cancel_at_period_end|0", "trial_end", "cancel_at",
        "canceled_at", "ended_at", "latest_invoice", "pause_behavior=$.pause_collection.behavior",
        "pause_resumes_at=$.pause_collection.resumes_at", "created",
      ]),
    MirroredTable(
      name: "invoices", type: "invoice",
      columns: [
        "customer", "number", "status|'draft'", "currency", "subtotal", "total", "amount_due",
        "amount_paid", "amount_remaining", "attempt_count|0", "next_payment_attempt",
        "period_start", "period_end", "created",
      ]),
    MirroredTable(
      name: "payment_methods", type: "payment_method",
      columns: [
        "customer", "type", "brand=$.card.brand", "last4=$.card.last4",
        "exp_month=$.card.exp_month", "exp_year=$.card.exp_year",
      ]),
    MirroredTable(
      name: "products", type: "product", deletion: ("deleted", 1), columns: ["name", "active|1"]),
    MirroredTable(
      name: "prices", type: "price", deletion: ("active", 0),
      columns: [
        "product", "lookup_key", "currency", "unit_amount", "interval=$.recurring.interval",
        "meter=$.recurring.meter", "active|1",
      ]),
    MirroredTable(
      name: "refunds", type: "refund",
      columns: ["amount", "currency", "status|'pending'", "reason", "created"]),
  ]

  /// `id, column` of each difference; no column for a row or an object that is missing.
  var comparison: String {
    let gone = "json_extract(o.json, '$.deleted') IS 1"
    let parts = columns.map { text in
      let halves = text.split(separator: "|")
      let names = halves[0].split(separator: "=")
      let said = "json_extract(o.json, '\(names.count > 1 ? names[1] : "$.\(names[0])")')"
      let expected = halves.count > 1 ? "coalesce(\(said), \(halves[1]))" : said
      return
        "SELECT t.id, '\(names[0])' \(both) AND NOT \(gone) AND t.\(names[0]) IS NOT \(expected)"
    }
    let deleted =
      deletion.map {
        "SELECT t.id, '\($0.column)' \(both) AND \(gone) AND t.\($0.column) <> \($0.value)"
      }
      ?? "SELECT t.id, NULL \(both) AND \(gone)"
    let alone = [
      """
      SELECT o.id, NULL FROM objects AS o WHERE o.type = '\(type)' AND NOT \(gone)
        AND NOT EXISTS (SELECT 1 FROM \(name) AS t WHERE t.id = o.id)
      """,
      """
      SELECT t.id, NULL FROM \(name) AS t
      WHERE NOT EXISTS (SELECT 1 FROM objects AS o WHERE o.id = t.id)
      """,
    ]
    return (parts + [deleted] + alone).joined(separator: " UNION ALL ") + " LIMIT ?"
  }

  private var both: String { "FROM \(name) AS t JOIN objects AS o ON o.id = t.id WHERE 1" }
}
