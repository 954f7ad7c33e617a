package import Basics
import GRDB

/// The company's own endpoints, and what each is told.
extension Transaction {
  /// Those that hear of what happens, in the order in which they were added.
  package func outgoingEndpoints() throws -> [OutgoingEndpoint] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT id, url, events, scheme, signature_header, created_at FROM endpoints
        WHERE removed_at IS NULL ORDER BY created_at, id
        """)
    return try Row.fetchAll(statement).compactMap(OutgoingEndpoint.init(row:))
  }

  /// Adds an endpoint.
  package func add(_ endpoint: OutgoingEndpoint, secret: Secret) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO endpoints (id, url, events, scheme, signature_header, secret, created_at,
          updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
        """
    ).execute(arguments: [
      endpoint.id, endpoint.url, endpoint.events.map { $0.pattern }.joined(separator: ","),
      endpoint.scheme.rawValue, endpoint.signatureHeader, secret.reveal(), endpoint.created,
    ])
  }

  /// Writes down that an occurrence is to be delivered, unless it was before.
  func deliver(_ occurrence: Occurrence, to endpoint: OutgoingEndpoint) throws {
    let message = OutgoingMessage(
      occurrence, to: endpoint.id, externalID: try customer(occurrence.customerID)?.externalID)
    try database.cachedStatement(
      sql: """
        INSERT INTO deliveries (id, endpoint, type, customer, cause, body, at, status, attempts,
          next_attempt_at, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'pending', 0, ?8, ?8, ?8)
        ON CONFLICT (endpoint, cause) DO NOTHING
        """
    ).execute(arguments: [
      message.id, endpoint.id, occurrence.kind.rawValue, occurrence.customerID, occurrence.cause,
      message.body, occurrence.at, now,
    ])
  }

  // MARK: What is known of what happened

  /// When the newest event happened that is known; nil where none is.
  func newestEventTime() throws -> Timestamp? {
    try Timestamp.fetchOne(database.cachedStatement(sql: "SELECT max(created) FROM events"))
  }

  func hasTestClocks() throws -> Bool {
    try Bool.fetchOne(
      database.cachedStatement(
        sql: "SELECT EXISTS (SELECT 1 FROM objects WHERE type = 'test_helpers.test_clock')"))
      ?? false
  }

  /// Whether an attempt to pay an invoice is known to have failed.
  func hasFailedPayment(ofInvoice id: String) throws -> Bool {
    let statement = try database.cachedStatement(
      sql: """
        SELECT EXISTS (
          SELECT 1 FROM events WHERE object_id = ? AND type = 'invoice.payment_failed')
        """)
    return try Bool.fetchOne(statement, arguments: [id]) ?? false
  }

  /// Whose a payment method is as far as is known; nil for nobody's.
  func customerID(ofPaymentMethod id: String) throws -> String? {
    try String.fetchOne(
      database.cachedStatement(sql: "SELECT customer FROM payment_methods WHERE id = ?"),
      arguments: [id])
  }
}

extension OutgoingEndpoint {
  fileprivate init?(row: Row) {
    guard let scheme = Scheme(rawValue: row["scheme"]) else { return nil }
    self.init(
      id: row["id"], url: row["url"],
      events: (row["events"] as String).split(separator: ",")
        .compactMap { EventTypePattern(String($0)) },
      scheme: scheme, signatureHeader: row["signature_header"], created: row["created_at"])
  }
}
