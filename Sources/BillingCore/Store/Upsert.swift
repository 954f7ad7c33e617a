import GRDB

/// How a row is written by its key: the columns given, and when; all other columns stay.
struct Upsert: Sendable {
  let sql: String

  /// - Parameter fixed: columns that are the same as long as the row exists, so that their indexes
  ///   need not be written again.
  init(_ table: String, key: String, fixed: [String] = [], _ columns: String...) {
    let updates = (columns + ["updated_at"]).filter { $0 != key && !fixed.contains($0) }
      .map { "\($0) = excluded.\($0)" }
    let places = columns.indices.map { "?\($0 + 1)" }
    let time = "?\(columns.count + 1)"
    sql = """
      INSERT INTO \(table) (\(columns.joined(separator: ", ")), created_at, updated_at)
      VALUES (\(places.joined(separator: ", ")), \(time), \(time))
      ON CONFLICT (\(key)) DO UPDATE SET \(updates.joined(separator: ", "))
      """
  }
}

extension Transaction {
  /// Writes a row, whose values are given in the order of its columns.
  func upsert<each Value: BoundValue>(_ row: Upsert, _ values: repeat each Value) throws {
    try database.cachedStatement(sql: row.sql).execute(binding: repeat each values, now)
  }
}
