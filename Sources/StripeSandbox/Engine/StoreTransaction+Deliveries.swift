import Basics
import GRDB

extension StoreTransaction {
  /// All webhook endpoints, oldest first. Asked for at every event, so it costs one look-up where
  /// there are none.
  func webhookEndpoints() throws -> [JSONObject] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT json FROM objects WHERE type = 'webhook_endpoint' AND deleted = 0 ORDER BY seq
        """)
    return try String.fetchAll(statement).map(Self.parsed)
  }

  func insertDelivery(
    event: String, type: String, endpoint: String, body: String, origin: Delivery.Origin
  ) throws {
    try execute(
      "INSERT INTO deliveries (event, type, endpoint, body, origin) VALUES (?, ?, ?, ?, ?)",
      [event, type, endpoint, body, origin.rawValue])
  }

  /// How many endpoints have not got an event, whether it is still tried or was given up.
  func undeliveredCount(event: String) throws -> Int64 {
    try cached(
      """
      SELECT count(*) FROM (
        SELECT 1 FROM deliveries WHERE event = ? AND endpoint GLOB 'we_*'
        GROUP BY endpoint HAVING max(state = 'delivered') = 0)
      """, Int64.self, [event]) ?? 0
  }

  /// What an endpoint was sent of an event.
  func deliveredBody(event: String, endpoint: String) throws -> String? {
    try cached(
      "SELECT body FROM deliveries WHERE event = ? AND endpoint = ? ORDER BY id LIMIT 1",
      String.self, [event, endpoint])
  }

  func deleteDeliveries(endpoint: String) throws {
    try execute("DELETE FROM deliveries WHERE endpoint = ?", [endpoint])
  }

  /// Removes what waits for somebody who listens, or did.
  func forgetListeners() throws {
    try execute("DELETE FROM deliveries WHERE endpoint GLOB 'serve*' AND state = 'waiting'", [])
  }
}

// MARK: Sending

extension StoreTransaction {
  /// What is to be sent and nobody sends.
  ///
  /// - Parameters:
  ///   - now: by the sandbox's clock.
  ///   - time: by the machine's.
  ///   - listener: who listens here; what is for other listeners is left out.
  func deliveriesDue(
    now: Timestamp, time: Timestamp, listener: String?, limit: Int
  ) throws -> [Delivery] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT id, event, type, endpoint, body, origin, state, attempts, due, held
        FROM deliveries WHERE state = 'waiting' AND due <= ? AND taken_until <= ?
          AND (endpoint NOT GLOB 'serve*' OR endpoint = ? OR (endpoint = ? AND ? IS NOT NULL))
        ORDER BY due, id LIMIT ?
        """)
    return try Row.fetchAll(
      statement,
      arguments: [now.seconds, time.seconds, listener, Listener.anyone, listener, limit]
    ).map(Self.delivery)
  }

  func delivery(id: Int64) throws -> Delivery? {
    let statement = try database.cachedStatement(
      sql: """
        SELECT id, event, type, endpoint, body, origin, state, attempts, due, held
        FROM deliveries WHERE id = ?
        """)
    return try Row.fetchOne(statement, arguments: [id]).map(Self.delivery)
  }

  private static func delivery(_ row: Row) -> Delivery {
    Delivery(
      id: row[0], event: row[1], type: row[2], endpoint: row[3], body: row[4],
      origin: Delivery.Origin(rawValue: row[5]) ?? .automatic,
      state: Delivery.State(rawValue: row[6]) ?? .failed, attempts: row[7],
      due: Timestamp(row[8]), wasHeld: row[9] != 0)
  }

  /// Stores what became of a delivery. One to a listener is of no more use when it is done with.
  func update(_ delivery: Delivery) throws {
    if delivery.state != .waiting, delivery.endpoint.hasPrefix(Listener.anyone) {
      return try execute("DELETE FROM deliveries WHERE id = ?", [delivery.id])
    }
    try execute(
      "UPDATE deliveries SET state = ?, attempts = ?, due = ?, taken_until = 0 WHERE id = ?",
      [delivery.state.rawValue, delivery.attempts, delivery.due.seconds, delivery.id])
  }

  func take(_ id: Int64, until moment: Timestamp) throws {
    try execute(
      """
      UPDATE deliveries SET taken_until = ?, held = CASE held WHEN 1 THEN 2 ELSE held END
      WHERE id = ?
      """, [moment.seconds, id])
  }

  func hold(_ id: Int64, until moment: Timestamp) throws {
    try execute(
      "UPDATE deliveries SET taken_until = ?, held = 1 WHERE id = ?", [moment.seconds, id])
  }

  /// Lets go what was held back for the delivery of an id.
  func releaseHeld(endpoint: String, before id: Int64) throws {
    try execute(
      """
      UPDATE deliveries SET taken_until = 0, held = 2
      WHERE held = 1 AND endpoint = ? AND id < ?
      """, [endpoint, id])
  }
}
