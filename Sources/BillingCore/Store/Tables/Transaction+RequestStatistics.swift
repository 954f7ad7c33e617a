package import Basics
import GRDB

extension Transaction {
  /// What the usage events say of the requests that they were, put together by something: the most
  /// frequent first, days the newest first.
  ///
  /// Requests that took the same time are counted together before they are ranked, so that a million
  /// of them are sorted once and few are kept.
  ///
  /// - Parameters:
  ///   - customerID: nil for all customers.
  ///   - start: the first moment that counts; nil for all.
  package func requestStatistics(
    by grouping: RequestGrouping, ofCustomer customerID: String?, since start: Timestamp?,
    limit: Int?
  ) throws -> [RequestStatistics] {
    var conditions: [String] = []
    var arguments = StatementArguments()
    if let customerID {
      conditions.append("series IN (SELECT id FROM usage_series WHERE customer = ?)")
      arguments += [customerID]
    }
    if let start {
      conditions.append("at >= ?")
      arguments += [start]
    }
    arguments += [limit.map { Int64($0) } ?? -1]
    let chosen = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    let statement = try database.cachedStatement(
      sql: """
        WITH times AS (
          SELECT \(grouping.expression) AS value, response_time_ms AS time, count(*) AS requests,
            count(status_code) AS answered, count(*) FILTER (WHERE status_code >= 400) AS errors,
            count(response_time_ms) AS timed
          FROM usage_events \(chosen) GROUP BY 1, 2
        ), ranked AS (
          SELECT *, sum(timed) OVER (PARTITION BY value ORDER BY time) AS rank,
            sum(timed) OVER (PARTITION BY value) AS last_rank
          FROM times
        )
        SELECT value, sum(requests) AS count, sum(answered) AS answered, sum(errors) AS errors,
          min(time) FILTER (WHERE rank * 100 >= last_rank * 50) AS median,
          min(time) FILTER (WHERE rank * 100 >= last_rank * 95) AS percentile_95
        FROM ranked GROUP BY value ORDER BY \(grouping.order) LIMIT ?
        """)
    return try Row.fetchAll(statement, arguments: arguments).map { RequestStatistics(row: $0) }
  }
}

extension RequestGrouping {
  fileprivate var expression: String {
    switch self {
    case .key: "key_id"
    case .endpoint: "endpoint"
    case .method: "method"
    case .status: "CAST(status_code AS TEXT)"
    case .day: "date(at, 'unixepoch')"
    }
  }

  fileprivate var order: String {
    self == .day ? "value DESC" : "count DESC, value"
  }
}

extension RequestStatistics {
  fileprivate init(row: Row) {
    self.init(
      value: row["value"], count: row["count"], answered: row["answered"], errors: row["errors"],
      median: row["median"], percentile95: row["percentile_95"])
  }
}
