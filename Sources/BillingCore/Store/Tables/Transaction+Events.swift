package import Basics
import Foundation
import GRDB

/// An event as the inbox keeps it.
package struct InboxEvent: Sendable, Hashable {
  package enum Status: String, Sendable {
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
  package var attempts: Int
  package var error: String?
  package var body: [UInt8]
  package var receivedAt: Timestamp
  package var processedAt: Timestamp?
}

extension Transaction {
  func hasEvent(_ id: String) throws -> Bool {
    let statement = try database.cachedStatement(sql: "SELECT 1 FROM events WHERE id = ?")
    return try Int.fetchOne(statement, arguments: [id]) != nil
  }

  func putEvent(_ event: InboxEvent) throws {
    try upsert(
      "events", key: "id",
      [
        "id": event.id, "type": event.type, "created": event.created,
        "api_version": event.apiVersion, "livemode": event.isLive, "account": event.account,
        "object_id": event.objectID, "customer": event.customerID,
        "status": event.status.rawValue, "attempts": event.attempts, "error": event.error,
        "body": Data(event.body), "received_at": event.receivedAt,
        "processed_at": event.processedAt,
      ])
  }

  /// How many events there are in each state.
  package func eventCounts() throws -> [String: Int] {
    try Row.fetchAll(database, sql: "SELECT status, count(*) AS n FROM events GROUP BY status")
      .reduce(into: [:]) { $0[$1["status"]] = $1["n"] }
  }
}
