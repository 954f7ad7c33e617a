package import Basics
import Foundation
import GRDB
import Stripe

/// An event as the inbox keeps it, without its body.
package struct InboxEvent: Sendable, Hashable {
  package enum Status: String, Sendable, CaseIterable {
    case pending, processed, ignored, failed
  }

  package var id: String
  package var type: String
  package var created: Timestamp
  package var apiVersion: String?
  package var isLive: Bool
  package var account: String?
  package var objectID: String?
  package var customerID: String?
  package var status: Status
  package var verdict: IncomingEvent.Verdict
  package var attempts: Int
  package var error: String?
  /// When it is tried again by itself; nil for one that failed and was given up.
  package var nextAttemptAt: Timestamp?
  package var receivedAt: Timestamp
  package var processedAt: Timestamp?

  /// Whether nothing is left to be done.
  package var isSettled: Bool { status == .processed || status == .ignored }

  /// Whether it is to be applied without anybody asking.
  func isDue(at time: Timestamp) -> Bool {
    status == .pending || nextAttemptAt.map { $0 <= time } ?? false
  }
}

/// An event of the inbox with the bytes in which it first came.
package struct KeptEvent: Sendable {
  package let event: InboxEvent
  package let body: [UInt8]
}

// MARK: Writing

extension Transaction {
  /// The mode of the file; one that has none yet gets it from an event's `livemode`.
  func mode(stampedBy isLive: Bool) throws -> Store.Mode {
    if let mode = try setting(.mode).flatMap(Store.Mode.init(rawValue:)) { return mode }
    let mode = isLive ? Store.Mode.live : .test
    try set(.mode, to: mode.rawValue)
    return mode
  }

  /// Whether it was new: of an id that is known nothing is written.
  func insertEvent(
    _ incoming: IncomingEvent, as status: InboxEvent.Status, at time: Timestamp
  ) throws -> Bool {
    let (event, isPending) = (incoming.event, status == .pending)
    try database.cachedStatement(
      sql: """
        INSERT INTO events (id, type, created, api_version, livemode, account, object_id, customer,
          status, verdict, attempts, body, received_at, processed_at, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
        """
    ).execute(
      binding: event.id, event.type, event.created, event.apiVersion, event.isLive, event.account,
      incoming.objectID, incoming.customerID, status.rawValue, incoming.verdict.rawValue,
      isPending ? 0 : 1, Blob(incoming.body), time, isPending ? nil : time, now, now)
    return database.changesCount == 1
  }

  /// Takes over what a later delivery of an event says that is not settled yet.
  func renewEvent(_ incoming: IncomingEvent) throws {
    let event = incoming.event
    try database.cachedStatement(
      sql: """
        UPDATE events SET body = ?, verdict = ?, api_version = ?, customer = ?, updated_at = ?
        WHERE id = ?
        """
    ).execute(arguments: [
      Data(incoming.body), incoming.verdict.rawValue, event.apiVersion, incoming.customerID, now,
      event.id,
    ])
  }

  func settleEvent(
    _ id: String, as status: InboxEvent.Status, attempts: Int, at time: Timestamp
  ) throws {
    try database.cachedStatement(
      sql: """
        UPDATE events SET status = ?, attempts = ?, error = NULL, next_attempt_at = NULL,
          processed_at = ?, updated_at = ? WHERE id = ?
        """
    ).execute(arguments: [status.rawValue, attempts, time, now, id])
  }

  func failEvent(
    _ id: String, _ reason: String, attempts: Int, nextAttempt: Timestamp?
  ) throws {
    try database.cachedStatement(
      sql: """
        UPDATE events SET status = 'failed', attempts = ?, error = ?, next_attempt_at = ?,
          processed_at = NULL, updated_at = ? WHERE id = ?
        """
    ).execute(arguments: [attempts, reason, nextAttempt, now, id])
  }

  /// Lets an event that failed be tried again from then on, also one that was given up.
  func makeEventDue(_ id: String, at time: Timestamp) throws {
    try database.cachedStatement(
      sql: "UPDATE events SET next_attempt_at = ?, updated_at = ? WHERE id = ?"
    ).execute(arguments: [time, now, id])
  }

  /// Keeps a delivery that contradicts an event of the same id; the same bytes once.
  func keepAside(
    _ incoming: IncomingEvent, contradicting field: String, at time: Timestamp
  ) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO event_conflicts (event, field, verdict, body, received_at, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """
    ).execute(arguments: [
      incoming.event.id, field, incoming.verdict.rawValue, Data(incoming.body), time, now, now,
    ])
  }
}

// MARK: Reading

extension Transaction {
  private static let columns = """
    id, type, created, api_version, livemode, account, object_id, customer, status, verdict, \
    attempts, error, next_attempt_at, received_at, processed_at
    """

  package func event(_ id: String) throws -> InboxEvent? {
    let statement = try database.cachedStatement(
      sql: "SELECT \(Self.columns) FROM events WHERE id = ?")
    return try Row.fetchOne(statement, arguments: [id]).map(InboxEvent.init(row:))
  }

  package func keptEvent(_ id: String) throws -> KeptEvent? {
    let statement = try database.cachedStatement(
      sql: "SELECT \(Self.columns), body FROM events WHERE id = ?")
    return try Row.fetchOne(statement, arguments: [id]).map { row in
      KeptEvent(event: InboxEvent(row: row), body: Array(row["body"] as Data))
    }
  }

  /// The ids of the events that wait, in the order in which things happened.
  package func pendingEventIDs(limit: Int) throws -> [String] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT id FROM events WHERE \(InboxEvent.Status.pending.condition)
        ORDER BY created, rowid LIMIT ?
        """)
    return try String.fetchAll(statement, arguments: [limit])
  }

  /// The ids of the failed events whose next attempt is due.
  package func dueEventIDs(at time: Timestamp, limit: Int) throws -> [String] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT id FROM events WHERE next_attempt_at <= ? ORDER BY next_attempt_at, rowid LIMIT ?
        """)
    return try String.fetchAll(statement, arguments: [time, limit])
  }

  /// The events of meter errors that could not be applied and are to be tried again, the oldest
  /// first.
  package func failedMeterErrorEventIDs() throws -> [String] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT id FROM events WHERE next_attempt_at IS NOT NULL AND type GLOB 'v1.billing.meter.*'
        ORDER BY created, rowid
        """)
    return try String.fetchAll(statement)
  }

  /// The events that a filter asks for, the newest first, or the oldest.
  ///
  /// - Parameter previous: the id of an event, for the oldest that come after it.
  package func events(
    matching filter: EventFilter, oldestFirst: Bool = false, after previous: String? = nil
  ) throws -> [InboxEvent] {
    var (conditions, arguments) = (["1"], StatementArguments())
    func require(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
      guard let value else { return }
      conditions.append(condition)
      arguments += [value]
    }
    if !filter.ids.isEmpty {
      let ids = JSON.array(filter.ids.map { .string($0) }).compact
      require("id IN (SELECT value FROM json_each(?))", ids)
    }
    if let status = filter.status { conditions.append(status.condition) }
    require("type GLOB ?", filter.type?.pattern)
    require("customer = ?", filter.customerID)
    require("created >= ?", filter.since)
    require("created < ?", filter.until)
    require("(created, rowid) > (SELECT created, rowid FROM events WHERE id = ?)", previous)
    let order = oldestFirst ? "created, rowid" : "created DESC, rowid DESC"
    arguments += [filter.limit ?? -1]
    let statement = try database.cachedStatement(
      sql: """
        SELECT \(Self.columns) FROM events WHERE \(conditions.joined(separator: " AND "))
        ORDER BY \(order) LIMIT ?
        """)
    return try Row.fetchAll(statement, arguments: arguments).map(InboxEvent.init(row:))
  }

  /// The ids of the events of one object and one second beside the one at hand; none where what is
  /// stored was not told by another event of that second, and beyond any number that one object
  /// could have of its own, so that nobody's events make the work grow with their square.
  func rivals(of snapshot: Snapshot, over stored: StoredText) throws -> [String] {
    guard case .event(let id, _) = snapshot.origin, stored.isFromEvent,
      stored.asOf == snapshot.asOf, stored.cause != id
    else { return [] }
    let statement = try database.cachedStatement(
      sql: """
        SELECT id FROM events
        WHERE object_id = ? AND created = ? AND status = 'processed' AND id <> ? LIMIT ?
        """)
    let most = 16
    let ids: [String] = try statement.rows(binding: snapshot.id, snapshot.asOf, id, most + 1) {
      try $0[0]
    }
    return ids.count > most ? [] : ids
  }

  /// What an event of the inbox says of its object, read anew.
  func entry(ofEvent id: String) throws -> MirrorEntry? {
    try keptEvent(id).flatMap { try IncomingEvent($0.body, verdict: $0.event.verdict).entry() }
  }

  /// What the inbox has of an object, the newest first.
  func snapshots(ofObject id: String) throws -> [Snapshot] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT body FROM events WHERE object_id = ? AND status = 'processed'
        ORDER BY created DESC, id DESC
        """)
    return try Data.fetchAll(statement, arguments: [id])
      .compactMap { try IncomingEvent(Array($0), verdict: .trusted).snapshot }
  }

  /// How many events there are in each state.
  package func eventCounts() throws -> [String: Int] {
    let rest = try Row.fetchAll(
      database,
      sql: """
        SELECT status, count(*) AS n FROM events WHERE status <> 'processed' GROUP BY status
        """)
    var counts: [String: Int] = rest.reduce(into: [:]) { $0[$1["status"]] = $1["n"] }
    let all = try Int.fetchOne(database, sql: "SELECT count(*) FROM events") ?? 0
    let processed = all - counts.values.reduce(0, +)
    if processed > 0 { counts[InboxEvent.Status.processed.rawValue] = processed }
    return counts
  }
}

extension InboxEvent.Status {
  /// How the rows of a state are asked for, so that the index of all but the processed serves.
  var condition: String {
    self == .processed
      ? "status = 'processed'" : "status <> 'processed' AND status = '\(rawValue)'"
  }
}

extension InboxEvent {
  init(row: Row) {
    id = row["id"]
    type = row["type"]
    created = row["created"]
    apiVersion = row["api_version"]
    isLive = row["livemode"]
    account = row["account"]
    objectID = row["object_id"]
    customerID = row["customer"]
    status = Status(rawValue: row["status"]) ?? .failed
    verdict = IncomingEvent.Verdict(rawValue: row["verdict"]) ?? .unverified
    attempts = row["attempts"]
    error = row["error"]
    nextAttemptAt = row["next_attempt_at"]
    receivedAt = row["received_at"]
    processedAt = row["processed_at"]
  }
}
