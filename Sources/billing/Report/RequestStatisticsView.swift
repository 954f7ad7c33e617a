import Basics
import BillingCore
private import Foundation

/// Requests with something in common. What that is has the name that it has in a line of usage.
enum RequestStatisticsView {
  static func keys(_ grouping: RequestGrouping) -> [String] {
    [grouping.key, "count", "errors", "error_percent", "p50_ms", "p95_ms"]
  }

  static func json(_ statistics: RequestStatistics, by grouping: RequestGrouping) -> JSONObject {
    let value = statistics.value
    return [
      grouping.key: grouping == .status ? JSON(value.flatMap { Int64($0) }) : JSON(value),
      "count": .integer(statistics.count), "errors": .integer(statistics.errors),
      "error_percent": JSON(statistics.errorBasisPoints.map { Decimal($0) / 100 }),
      "p50_ms": JSON(statistics.median), "p95_ms": JSON(statistics.percentile95),
    ]
  }

  static func columns(_ grouping: RequestGrouping) -> [Column] {
    [
      grouping == .key
        ? .id(grouping.title, grouping.key) : Column(grouping.title, grouping.key),
      Column("COUNT", "count", alignment: .right), Column("ERRORS", "errors", alignment: .right),
      Column("ERROR %", "error_percent", alignment: .right),
      Column("P50 MS", "p50_ms", alignment: .right), Column("P95 MS", "p95_ms", alignment: .right),
    ]
  }
}

extension RequestGrouping {
  fileprivate var key: String {
    switch self {
    case .key: "key_id"
    case .endpoint: "endpoint"
    case .method: "method"
    case .status: "status_code"
    case .day: "day"
    }
  }

  fileprivate var title: String { rawValue.uppercased() }
}
