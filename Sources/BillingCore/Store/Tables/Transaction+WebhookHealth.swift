package import Basics
import GRDB

extension Transaction {
  /// - Parameters:
  ///   - dayCount: how many days are told, up to and with that of the moment.
  ///   - limit: how many failures are told one by one.
  package func webhookHealth(
    at moment: Timestamp, days dayCount: Int, failures limit: Int
  ) throws -> WebhookHealth {
    let first = moment.dayStart - Int64(dayCount - 1) * 86_400
    var health = WebhookHealth(
      days: (0..<dayCount).map { .init(start: first + Int64($0) * 86_400) })
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT (created - ?1) / 86400, SUM(is_all - is_waiting - has_failed), SUM(is_waiting),
          SUM(has_failed)
        FROM (
          SELECT created, 1 AS is_all, 0 AS is_waiting, 0 AS has_failed FROM events
          UNION ALL SELECT created, 0, 1, 0 FROM events WHERE \(InboxEvent.Status.pending.condition)
          UNION ALL SELECT created, 0, 0, 1 FROM events WHERE \(InboxEvent.Status.failed.condition))
        WHERE created >= ?1 AND created < ?2 GROUP BY 1
        """, arguments: [first, first + Int64(dayCount) * 86_400])
    while let row = try rows.next() {
      let index: Int = row[0]
      health.days[index].settled = row[1]
      health.days[index].waiting = row[2]
      health.days[index].failed = row[3]
    }
    let counts = try eventCounts()
    health.waiting = Int64(counts["pending"] ?? 0)
    health.failed = Int64(counts["failed"] ?? 0)
    var filter = EventFilter()
    filter.status = .failed
    filter.limit = limit
    health.failures = try events(matching: filter)
    return health
  }
}
