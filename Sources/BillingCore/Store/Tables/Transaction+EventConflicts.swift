package import Basics
import Foundation
import GRDB

/// A delivery that had the id of an event and said something else: it was kept aside.
package struct EventConflict: Sendable, Hashable {
  /// In what it contradicts the event: `type`, `created`, `livemode`, `account`, `object id`.
  package let field: String
  package let verdict: IncomingEvent.Verdict
  package let body: [UInt8]
  package let receivedAt: Timestamp
}

extension Transaction {
  /// The deliveries that contradict an event, in the order in which they came.
  package func conflicts(ofEvent id: String) throws -> [EventConflict] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT field, verdict, body, received_at FROM event_conflicts WHERE event = ? ORDER BY id
        """)
    return try Row.fetchAll(statement, arguments: [id]).map { row in
      EventConflict(
        field: row["field"],
        verdict: IncomingEvent.Verdict(rawValue: row["verdict"]) ?? .unverified,
        body: Array(row["body"] as Data), receivedAt: row["received_at"])
    }
  }
}
