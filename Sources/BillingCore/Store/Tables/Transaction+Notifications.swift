package import Basics
import GRDB

extension Transaction {
  /// Puts something into the outbox; false where its cause was told, or waits, already.
  package func enqueue(_ notification: Notification) throws -> Bool {
    try insert(notification, topic: nil)
    return database.changesCount == 1
  }

  /// Puts something for the operators into the outbox, unless they were told of the same topic
  /// within the hour: false then. Of several processes that notice it at once one tells it.
  @discardableResult
  package func alert(
    _ kind: Notification.Kind, topic: String, payload: JSONObject
  ) throws -> Bool {
    guard try lastAlert(of: topic).map({ now - $0 >= Outbox.quietSeconds }) ?? true else {
      return false
    }
    try insert(
      Notification(
        kind, customerID: nil, cause: "\(topic) \(now.seconds)", at: now, payload: payload),
      topic: topic)
    return database.changesCount == 1
  }

  /// When the operators were last told of a topic.
  func lastAlert(of topic: String) throws -> Timestamp? {
    try Timestamp.fetchOne(
      database.cachedStatement(
        sql: "SELECT max(created_at) FROM notifications WHERE topic = ?"), arguments: [topic])
  }

  private func insert(_ notification: Notification, topic: String?) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO notifications (kind, customer, cause, payload, topic, happened_at,
          created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7) ON CONFLICT (cause) DO NOTHING
        """
    ).execute(
      binding: notification.kind.rawValue, notification.customerID, notification.cause,
      JSON.object(notification.payload).compact, topic, notification.at, now)
  }

  /// What is in the outbox and has no messages yet, in the order in which it came.
  package func unaddressedNotifications(
    customerID: String? = nil, limit: Int = -1
  ) throws -> [OutboxEntry] {
    try Row.fetchAll(
      database.cachedStatement(
        sql: """
          SELECT id, created_at, \(NotificationColumns.text) FROM notifications AS n
          WHERE addressed_at IS NULL AND (?1 IS NULL OR customer = ?1) ORDER BY id LIMIT ?2
          """), arguments: [customerID, limit]
    ).compactMap { row in
      try NotificationColumns.notification(row, from: 2).map {
        OutboxEntry(id: row[0], notification: $0, created: row[1])
      }
    }
  }

  /// What waits in the outbox, in the order in which it came.
  package func waitingNotifications() throws -> [Notification] {
    try unaddressedNotifications().map { $0.notification }
  }

  /// The customers who ever used anything, by their ids.
  package func customersWithUsage() throws -> [String] {
    try String.fetchAll(
      database, sql: "SELECT DISTINCT customer FROM usage_series ORDER BY customer")
  }
}

/// The columns of which a notification is made.
enum NotificationColumns {
  static let text = "n.kind, n.customer, n.cause, n.payload, n.happened_at"

  /// Nil for a kind that another version of this program knows.
  static func notification(_ row: Row, from first: Int) throws -> Notification? {
    try Notification.Kind(rawValue: row[first]).map {
      Notification(
        $0, customerID: row[first + 1], cause: row[first + 2], at: row[first + 4],
        payload: try JSON(parsing: row[first + 3] as String).object ?? [:])
    }
  }
}
