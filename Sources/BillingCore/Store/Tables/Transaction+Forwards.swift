package import Basics
import GRDB

/// The log of what is handed on to an application's endpoint. It is only ever appended to: a row of
/// attempt 0 says that an event is to be sent to an address, each later one how an attempt went.
extension Transaction {
  /// How long the log is: what is asked for from now on stands behind it.
  package func forwardPosition() throws -> Int64 {
    try Int64.fetchOne(database, sql: "SELECT max(id) FROM event_forwards") ?? 0
  }

  /// Notes that an event is to be sent to an address; false where it was delivered there before.
  ///
  /// - Parameter again: whether it is sent even so.
  package func askForward(
    of event: String, to url: String, again: Bool, at time: Timestamp
  ) throws -> Bool {
    try database.cachedStatement(
      sql: """
        INSERT INTO event_forwards (event, url, attempt, delivered, milliseconds, at,
          created_at, updated_at)
        SELECT ?1, ?2, 0, 0, 0, ?3, ?4, ?4
        WHERE ?5 OR NOT EXISTS (
          SELECT 1 FROM event_forwards WHERE event = ?1 AND url = ?2 AND delivered = 1)
        """
    ).execute(arguments: [event, url, time, now, again])
    return database.changesCount == 1
  }

  /// Notes how an attempt went.
  func noteForward(_ attempt: ForwardAttempt, to url: String) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO event_forwards (event, url, attempt, delivered, http_status, error,
          milliseconds, at, created_at, updated_at)
        SELECT ?1, ?2, coalesce(max(attempt), 0) + 1, ?3, ?4, ?5, ?6, ?7, ?8, ?8
        FROM event_forwards WHERE event = ?1 AND url = ?2
        """
    ).execute(arguments: [
      attempt.eventID, url, attempt.isDelivered, attempt.status, attempt.error,
      attempt.milliseconds, attempt.at, now,
    ])
  }

  /// What is to be sent to an address and has not been delivered since it was asked for, in the
  /// order in which things happened.
  ///
  /// - Parameter position: what was asked for before is left out.
  func undelivered(
    to url: String, askedAfter position: Int64, beyond cursor: ForwardCursor?, limit: Int
  ) throws -> [(item: ForwardLanes.Item, cursor: ForwardCursor)] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT e.id, coalesce(e.customer, e.object_id, e.id) AS lane, e.created, e.rowid AS number
        \(Self.undeliveredSource) AND (e.created, e.rowid) > (?3, ?4)
        ORDER BY e.created, e.rowid LIMIT ?5
        """)
    return try Row.fetchAll(
      statement,
      arguments: [url, position, cursor?.created ?? Int64.min, cursor?.number ?? 0, limit]
    ).map { row in
      (
        ForwardLanes.Item(eventID: row["id"], lane: row["lane"]),
        ForwardCursor(created: row["created"], number: row["number"])
      )
    }
  }

  func undeliveredCount(to url: String, askedAfter position: Int64) throws -> Int {
    let statement = try database.cachedStatement(sql: "SELECT count(*) \(Self.undeliveredSource)")
    return try Int.fetchOne(statement, arguments: [url, position]) ?? 0
  }

  /// Of several rows that ask for the same, the last one counts.
  private static let undeliveredSource = """
    FROM event_forwards AS f JOIN events AS e ON e.id = f.event
    WHERE f.id > ?2 AND f.url = ?1 AND f.attempt = 0
      AND NOT EXISTS (
        SELECT 1 FROM event_forwards AS later
        WHERE later.event = f.event AND later.url = f.url AND later.id > f.id
          AND (later.delivered = 1 OR later.attempt = 0))
    """
}

/// How far one got among the events, in the order in which things happened.
struct ForwardCursor: Sendable, Hashable {
  let created: Int64
  let number: Int64
}

/// How one attempt to hand an event on went.
package struct ForwardAttempt: Sendable, Hashable {
  package let eventID: String
  package let isDelivered: Bool
  /// Nil where no answer came.
  package let status: Int?
  package let error: String?
  package let milliseconds: Int64
  package let at: Timestamp
}
