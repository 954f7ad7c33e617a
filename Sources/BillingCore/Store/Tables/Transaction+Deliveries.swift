import Basics
import GRDB

/// What the company's endpoints are told, and how that goes.
extension Transaction {
  /// Writes down that an occurrence is to be delivered, unless it was before.
  func deliver(_ occurrence: Occurrence, to endpoint: OutgoingEndpoint) throws {
    try insert(
      OutgoingMessage(
        occurrence, to: endpoint, externalID: try customer(occurrence.customerID)?.externalID))
  }

  /// Writes a message down that is to be sent now.
  ///
  /// - Returns: its id.
  @discardableResult
  package func insert(_ message: OutgoingMessage) throws -> String {
    try database.cachedStatement(
      sql: """
        INSERT INTO deliveries (id, endpoint, type, customer, cause, body, at, status, attempts,
          created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'pending', 0, ?8, ?8)
        ON CONFLICT (endpoint, cause) DO NOTHING
        """
    ).execute(arguments: [
      message.id, message.endpointID, message.type, message.customerID, message.cause,
      message.body, message.at, now,
    ])
    return message.id
  }

  // MARK: Sending

  /// What is to be sent to an endpoint now, in order. What waits behind one whose turn has not come
  /// is not.
  func dueDeliveries(
    to endpointID: String, at moment: Timestamp, after number: Int64, limit: Int
  ) throws -> [(item: ForwardLanes.Item, number: Int64)] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT d.id, coalesce(d.customer, d.id), d.number FROM deliveries AS d
        WHERE d.endpoint = ?1 AND d.status = 'pending' AND d.number > ?2 AND NOT EXISTS (
          SELECT 1 FROM deliveries AS earlier
          WHERE earlier.endpoint = ?1 AND earlier.customer IS d.customer
            AND earlier.status = 'pending' AND earlier.number <= d.number
            AND earlier.next_attempt_at > ?3)
        ORDER BY d.number LIMIT ?4
        """)
    return try Row.fetchAll(statement, arguments: [endpointID, number, moment, limit]).map { row in
      (ForwardLanes.Item(eventID: row[0], lane: row[1]), row[2])
    }
  }

  /// The message of a delivery; nil where it is not to be sent.
  func pendingBody(ofDelivery id: String) throws -> [UInt8]? {
    let statement = try database.cachedStatement(
      sql: "SELECT body FROM deliveries WHERE id = ? AND status = 'pending'")
    return try String.fetchOne(statement, arguments: [id]).map { Array($0.utf8) }
  }

  /// Writes down how an attempt went. What is only a test is not sent again.
  func note(_ attempt: ForwardAttempt, _ outcome: ForwardVerdict.Outcome) throws {
    let delivery = try requireDelivery(attempt.eventID)
    let next =
      delivery.type == OutgoingMessage.testType
      ? nil : OutgoingSchedule.next(after: delivery.attempts + 1, outcome, at: attempt.at)
    let status: OutgoingDelivery.Status =
      attempt.isDelivered ? .delivered : next == nil ? .failed : .pending
    try database.cachedStatement(
      sql: """
        UPDATE deliveries SET status = ?, attempts = attempts + 1, next_attempt_at = ?,
          http_status = ?, error = ?, delivered_at = ?, updated_at = ? WHERE id = ?
        """
    ).execute(arguments: [
      status.rawValue, status == .pending ? next : nil, attempt.status, attempt.error,
      status == .delivered ? attempt.at : nil, now, attempt.eventID,
    ])
  }

  /// Has a delivery sent now, and if need be all over again.
  package func makeDeliveryDue(_ id: String) throws {
    try database.cachedStatement(
      sql: """
        UPDATE deliveries SET status = 'pending', attempts = iif(status = 'pending', attempts, 0),
          next_attempt_at = NULL, delivered_at = NULL, updated_at = ?
        WHERE id = ?
        """
    ).execute(arguments: [now, id])
  }

  // MARK: The log

  /// Throws `OutgoingConflict` where there is none.
  package func requireDelivery(_ id: String) throws -> OutgoingDelivery {
    guard let delivery = try deliveries(where: "d.id = ?", [id]).first else {
      throw OutgoingConflict.unknownDelivery(id: id)
    }
    return delivery
  }

  /// The newest first.
  package func deliveries(matching filter: OutgoingDelivery.Filter) throws -> [OutgoingDelivery] {
    var (conditions, arguments): ([String], StatementArguments) = (["1"], [])
    if let status = filter.status {
      conditions.append("d.status = ?")
      arguments += [status.rawValue]
    }
    if let endpoint = filter.endpointID {
      conditions.append("d.endpoint = ?")
      arguments += [endpoint]
    }
    if let customer = filter.customerID {
      conditions.append("d.customer = ?")
      arguments += [customer]
    }
    arguments += [filter.limit ?? -1]
    return try deliveries(
      where: "\(conditions.joined(separator: " AND ")) ORDER BY d.number DESC LIMIT ?", arguments)
  }

  /// What was given up or is still to be sent, of endpoints that are there; the oldest first. A test
  /// that failed is over.
  package func unfinishedDeliveries() throws -> [OutgoingDelivery] {
    try deliveries(
      where: """
        (d.status = 'pending' OR d.status = 'failed' AND d.type <> ?) AND e.removed_at IS NULL
        ORDER BY d.number
        """, [OutgoingMessage.testType])
  }

  private func deliveries(
    where condition: String, _ arguments: StatementArguments
  ) throws -> [OutgoingDelivery] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT d.*, e.url FROM deliveries AS d JOIN endpoints AS e ON e.id = d.endpoint
        WHERE \(condition)
        """)
    return try Row.fetchAll(statement, arguments: arguments).compactMap(OutgoingDelivery.init(row:))
  }
}

extension OutgoingDelivery {
  fileprivate init?(row: Row) {
    guard let status = Status(rawValue: row["status"]) else { return nil }
    self.init(
      id: row["id"], endpointID: row["endpoint"], url: row["url"], type: row["type"],
      customerID: row["customer"], at: row["at"], status: status, attempts: row["attempts"],
      nextAttemptAt: row["next_attempt_at"], httpStatus: row["http_status"], error: row["error"],
      deliveredAt: row["delivered_at"], created: row["created_at"])
  }
}
