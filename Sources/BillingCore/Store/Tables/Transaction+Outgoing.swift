package import Basics
import GRDB

/// The company's own endpoints.
extension Transaction {
  /// Those that hear of what happens, in the order in which they were added.
  package func outgoingEndpoints() throws -> [OutgoingEndpoint] {
    try endpoints(where: "removed_at IS NULL ORDER BY created_at, rowid", [])
  }

  /// One that is there, or was; throws `OutgoingConflict`.
  package func requireEndpoint(_ id: String) throws -> OutgoingEndpoint {
    guard let endpoint = try endpoints(where: "id = ?", [id]).first else {
      throw OutgoingConflict.unknownEndpoint(id: id)
    }
    return endpoint
  }

  /// Throws where an endpoint cannot be added.
  package func requireRoom(forEndpointAt url: String) throws {
    let all = try outgoingEndpoints()
    if let other = all.first(where: { $0.url == url }) {
      throw OutgoingConflict.addressTaken(id: other.id, url: url)
    }
    guard all.count < OutgoingEndpoint.most else { throw OutgoingConflict.tooManyEndpoints }
  }

  /// Adds an endpoint. Under an idempotency key that stands for the same, nothing more is added.
  ///
  /// - Returns: the endpoint, and whether this run added it.
  package func add(
    _ endpoint: OutgoingEndpoint, secret: Secret, by actor: String, meaning: String,
    idempotencyKey: String? = nil
  ) throws -> (endpoint: OutgoingEndpoint, isNew: Bool) {
    if let idempotencyKey,
      let earlier = try earlierEndpoint(under: idempotencyKey, meaning: meaning)
    {
      return (earlier, false)
    }
    try requireRoom(forEndpointAt: endpoint.url)
    try database.cachedStatement(
      sql: """
        INSERT INTO endpoints (id, url, events, scheme, signature_header, secret, actor, meaning,
          idempotency_key, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)
        """
    ).execute(arguments: [
      endpoint.id, endpoint.url, endpoint.events.map { $0.pattern }.joined(separator: ","),
      endpoint.scheme.rawValue, endpoint.signatureHeader, secret.reveal(), actor, meaning,
      idempotencyKey, endpoint.created,
    ])
    return (endpoint, true)
  }

  /// What was added under an idempotency key; throws where that stands for something else.
  private func earlierEndpoint(under key: String, meaning: String) throws -> OutgoingEndpoint? {
    if let other = try operation(key: key) {
      throw OperationError.idempotencyMismatch(key: key, command: other.command)
    }
    guard let earlier = try endpoints(where: "idempotency_key = ?", [key]).first else {
      return nil
    }
    guard try !endpoints(where: "idempotency_key = ? AND meaning = ?", [key, meaning]).isEmpty
    else { throw OperationError.idempotencyMismatch(key: key, command: "endpoint add") }
    return earlier
  }

  /// Removes an endpoint with its secret; what it was still to be told is given up. One that is
  /// removed stays so.
  package func removeEndpoint(_ id: String) throws -> OutgoingEndpoint {
    try database.cachedStatement(
      sql: """
        UPDATE endpoints SET secret = NULL, removed_at = ?1, updated_at = ?1
        WHERE id = ?2 AND removed_at IS NULL
        """
    ).execute(arguments: [now, id])
    try database.cachedStatement(
      sql: """
        UPDATE deliveries SET status = 'failed', next_attempt_at = NULL,
          error = 'the endpoint was removed', updated_at = ?
        WHERE endpoint = ? AND status = 'pending'
        """
    ).execute(arguments: [now, id])
    return try requireEndpoint(id)
  }

  /// By which its messages are signed; nil for one that is not there any more.
  func secret(ofEndpoint id: String) throws -> Secret? {
    try String.fetchOne(
      database.cachedStatement(sql: "SELECT secret FROM endpoints WHERE id = ?"), arguments: [id]
    ).map { Secret($0) }
  }

  private func endpoints(
    where condition: String, _ arguments: StatementArguments
  ) throws -> [OutgoingEndpoint] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT id, url, events, scheme, signature_header, created_at, removed_at FROM endpoints
        WHERE \(condition)
        """)
    return try Row.fetchAll(statement, arguments: arguments).compactMap(OutgoingEndpoint.init(row:))
  }
}

extension OutgoingEndpoint {
  fileprivate init?(row: Row) {
    guard let scheme = Scheme(rawValue: row["scheme"]) else { return nil }
    self.init(
      id: row["id"], url: row["url"],
      events: (row["events"] as String).split(separator: ",")
        .compactMap { EventTypePattern(String($0)) },
      scheme: scheme, signatureHeader: row["signature_header"], created: row["created_at"],
      removedAt: row["removed_at"])
  }
}
