package import Basics
import GRDB

/// What is not done yet, of each kind.
extension Transaction {
  /// Operations whose outcome is not known.
  package func unsettledBacklog() throws -> Backlog {
    try backlog(
      "SELECT count(*), min(created) FROM operations WHERE state IN ('prepared', 'sent', 'unknown')"
    )
  }

  /// Events that were received and not applied yet.
  package func pendingBacklog() throws -> Backlog {
    try backlog(
      """
      SELECT count(*), min(received_at) FROM events
      WHERE \(InboxEvent.Status.pending.condition)
      """)
  }

  /// Events that failed.
  ///
  /// - Parameter isGivenUp: those that nobody tries again by himself, else the others.
  package func failedBacklog(isGivenUp: Bool) throws -> Backlog {
    try backlog(
      """
      SELECT count(*), min(received_at) FROM events
      WHERE \(InboxEvent.Status.failed.condition)
        AND next_attempt_at IS \(isGivenUp ? "" : "NOT") NULL
      """)
  }

  /// Deliveries of an event's id that said something else, and were kept aside.
  package func conflictBacklog() throws -> Backlog {
    try backlog("SELECT count(*), min(received_at) FROM event_conflicts")
  }

  /// Events that an application was to be handed and has not taken.
  package func forwardBacklog() throws -> Backlog {
    try backlog(
      """
      SELECT count(*), min(f.at) FROM event_forwards AS f
      WHERE f.attempt = 0 AND NOT EXISTS (
        SELECT 1 FROM event_forwards AS later
        WHERE later.event = f.event AND later.url = f.url AND later.id > f.id
          AND (later.delivered = 1 OR later.attempt = 0))
      """)
  }

  /// What services of the company's own are to be told, or, given up, were not. A test is not meant:
  /// who made it saw what became of it.
  package func deliveryBacklog(isGivenUp: Bool) throws -> Backlog {
    try backlog(
      """
      SELECT count(*), min(d.created_at) FROM deliveries AS d
      JOIN endpoints AS e ON e.id = d.endpoint AND e.removed_at IS NULL
      WHERE d.status = '\(isGivenUp ? "failed" : "pending")'
        AND d.type <> '\(OutgoingMessage.testType)'
      """)
  }

  /// What customers and operators are to be told and could be told by now, over channels that are
  /// set up or not.
  package func outboxBacklog() throws -> Backlog {
    try backlog(
      """
      SELECT count(*), min(since) FROM (
        SELECT n.created_at AS since FROM notifications AS n WHERE n.addressed_at IS NULL
        UNION ALL
        SELECT m.created_at FROM messages AS m WHERE m.next_attempt_at IS NOT NULL)
      """)
  }

  /// When an event came last whose signature was verified; nil where none ever did.
  package func lastVerifiedEvent() throws -> Timestamp? {
    try Timestamp.fetchOne(
      database,
      sql: """
        SELECT received_at FROM events WHERE verdict = 'verified' ORDER BY rowid DESC LIMIT 1
        """)
  }

  private func backlog(_ sql: String) throws -> Backlog {
    let row = try Row.fetchOne(database, sql: sql)
    return Backlog(count: row?[0] ?? 0, oldest: row?[1])
  }
}
