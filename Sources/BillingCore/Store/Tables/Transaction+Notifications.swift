import Basics
import GRDB

extension Transaction {
  /// Puts something into the outbox; false where its cause was told, or waits, already.
  package func enqueue(_ notification: Notification) throws -> Bool {
    try database.cachedStatement(
      sql: """
        INSERT INTO notifications (kind, customer, cause, payload, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT (cause) DO NOTHING
        """
    ).execute(arguments: [
      notification.kind.rawValue, notification.customerID, notification.cause,
      JSON.object(notification.payload).compact, now,
    ])
    return database.changesCount == 1
  }

  /// What waits in the outbox, in the order in which it came.
  package func waitingNotifications() throws -> [Notification] {
    try Row.fetchAll(
      database.cachedStatement(
        sql: """
          SELECT kind, customer, cause, payload FROM notifications
          WHERE sent_at IS NULL ORDER BY id
          """)
    ).compactMap { row in
      try Notification.Kind(rawValue: row[0]).map {
        Notification(
          $0, customerID: row[1], cause: row[2],
          payload: try JSON(parsing: row[3] as String).object ?? [:])
      }
    }
  }

  /// The customers who ever used anything, by their ids.
  package func customersWithUsage() throws -> [String] {
    try String.fetchAll(
      database, sql: "SELECT DISTINCT customer FROM usage_series ORDER BY customer")
  }
}
