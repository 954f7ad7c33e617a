import Basics
import Foundation
import GRDB

extension Transaction {
  /// The keys of a customer, the newest first.
  package func apiKeys(ofCustomer customerID: String) throws -> [APIKey] {
    try apiKeyRows(where: "customer = ? ORDER BY created DESC, rowid DESC", customerID)
      .map(APIKey.init(row:))
  }

  package func apiKey(_ id: String) throws -> APIKey? {
    try apiKeyRows(where: "id = ?", id).first.map(APIKey.init(row:))
  }

  func apiKey(hash: [UInt8]) throws -> APIKey? {
    let statement = try database.cachedStatement(sql: "SELECT * FROM api_keys WHERE hash = ?")
    return try Row.fetchOne(statement, arguments: [Data(hash)]).map(APIKey.init(row:))
  }

  private func apiKeyRows(where condition: String, _ argument: String) throws -> [Row] {
    let statement = try database.cachedStatement(sql: "SELECT * FROM api_keys WHERE \(condition)")
    return try Row.fetchAll(statement, arguments: [argument])
  }

  func insert(_ key: APIKey, hash: [UInt8], _ request: APIKey.Request) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO api_keys (id, customer, name, prefix, hash, family, rotated_from, created,
          expires_at, actor, meaning, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      key.id, key.customerID, key.name, key.prefix, Data(hash), key.familyID, key.rotatedFromID,
      key.created, key.expiresAt, request.actor, request.change.meaning, now, now,
    ])
  }

  func setExpiry(of key: APIKey) throws {
    try database.cachedStatement(
      sql: "UPDATE api_keys SET expires_at = ?, updated_at = ? WHERE id = ?"
    ).execute(arguments: [key.expiresAt, now, key.id])
  }

  func setRevoked(_ key: APIKey, by actor: String) throws {
    try database.cachedStatement(
      sql: """
        UPDATE api_keys SET revoked_at = ?, revoked_by = ?, updated_at = ? WHERE id = ?
        """
    ).execute(arguments: [key.revokedAt, actor, now, key.id])
  }

  /// The keys of a customer that is gone for good go with it.
  func revokeAPIKeys(ofDeletedCustomer customerID: String) throws {
    try database.cachedStatement(
      sql: """
        UPDATE api_keys SET revoked_at = ?1, revoked_by = 'customer deleted', updated_at = ?1
        WHERE customer = ?2 AND revoked_at IS NULL
        """
    ).execute(arguments: [now, customerID])
  }

  // MARK: Counting

  /// How many requests the keys of a family were let through with, second by second.
  func counts(of key: APIKey, in range: ClosedRange<Timestamp>) throws -> [RateWindow.Second] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT start, count FROM api_key_windows
        WHERE owner = ? AND length = 'second' AND start BETWEEN ? AND ?
        """)
    return try Row.fetchAll(
      statement, arguments: [key.familyID, range.lowerBound, range.upperBound]
    ).map { RateWindow.Second(start: $0["start"], count: $0["count"]) }
  }

  /// How many requests all keys of a customer were let through with in the month that begins then.
  func count(ofCustomer customerID: String, inMonthFrom start: Timestamp) throws -> Int64 {
    let statement = try database.cachedStatement(
      sql: """
        SELECT count FROM api_key_windows WHERE owner = ? AND length = 'month' AND start = ?
        """)
    return try Int64.fetchOne(statement, arguments: [customerID, start]) ?? 0
  }

  /// Counts a request that is let through, and lets seconds go that count no more.
  func count(_ key: APIKey, at moment: Timestamp, inMonthFrom month: Timestamp) throws {
    let counting = try database.cachedStatement(
      sql: """
        INSERT INTO api_key_windows (owner, length, start, count, created_at, updated_at)
        VALUES (?1, ?2, ?3, 1, ?4, ?4)
        ON CONFLICT DO UPDATE SET count = count + 1, updated_at = excluded.updated_at
        """)
    try counting.execute(arguments: [key.familyID, "second", moment, now])
    try counting.execute(arguments: [key.customerID, "month", month, now])
    let range = RateWindow.range(at: moment)
    try database.cachedStatement(
      sql: """
        DELETE FROM api_key_windows
        WHERE owner = ? AND length = 'second' AND start NOT BETWEEN ? AND ?
        """
    ).execute(arguments: [key.familyID, range.lowerBound, range.upperBound])
    try database.cachedStatement(
      sql: "UPDATE api_keys SET last_used_at = ?, updated_at = ? WHERE id = ?"
    ).execute(arguments: [moment, now, key.id])
  }
}

extension APIKey {
  fileprivate init(row: Row) {
    self.init(
      id: row["id"], customerID: row["customer"], name: row["name"], prefix: row["prefix"],
      familyID: row["family"], rotatedFromID: row["rotated_from"], created: row["created"],
      expiresAt: row["expires_at"], revokedAt: row["revoked_at"], lastUsedAt: row["last_used_at"])
  }
}
