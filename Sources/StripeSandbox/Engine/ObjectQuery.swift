import Basics

/// Which objects of a type are wanted, newest first.
struct ObjectQuery {
  var type: String
  /// Indexed properties, each with the values of which one must stand there.
  var conditions: [(key: String, anyOf: [JSON])] = []
  var created: CreatedRange = CreatedRange()
  /// Only objects older than the one of this sequence number.
  var before: Int64?
  /// Only objects newer than this one, the oldest of them first.
  var after: Int64?
  var limit: Int?
  /// Whether objects on test clocks count, too.
  var includesClocks = true

  /// The end of a statement that takes the page: its bounds, its order and its limit, by the column
  /// that numbers what is wanted.
  func page(by column: String) -> (sql: String, arguments: [Int64]) {
    var sql = ""
    if before != nil { sql += " AND \(column) < ?" }
    if after != nil { sql += " AND \(column) > ?" }
    sql += " ORDER BY \(column) \(after == nil ? "DESC" : "ASC")"
    if let limit { sql += " LIMIT \(limit)" }
    return (sql, [before, after].compactMap { $0 })
  }

  struct CreatedRange {
    var from: Int64 = .min
    var to: Int64 = .max
  }
}
