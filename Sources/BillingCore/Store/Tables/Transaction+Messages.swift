import Basics
import GRDB

/// The messages of the outbox.
extension Transaction {
  /// Writes the messages of a notification down; from here on it has its own.
  func put(_ messages: [OutboxMessage], of notificationID: Int64) throws {
    for message in messages {
      try database.cachedStatement(
        sql: """
          INSERT INTO messages (notification, recipient, channel, address, status, attempts,
            next_attempt_at, error, created_at, updated_at)
          VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?8, ?8)
          """
      ).execute(arguments: [
        notificationID, message.recipient.rawValue, message.channel.rawValue, message.address,
        message.status.rawValue, message.nextAttemptAt, message.error, now,
      ])
    }
    try database.cachedStatement(
      sql: "UPDATE notifications SET addressed_at = ?1, updated_at = ?1 WHERE id = ?2"
    ).execute(arguments: [now, notificationID])
  }

  /// Gives up what was written down before a moment and is still to be sent. What is being sent
  /// just now is not.
  ///
  /// - Returns: how many messages.
  func expireMessages(writtenBefore moment: Timestamp, because reason: String) throws -> Int {
    try database.cachedStatement(
      sql: """
        UPDATE messages SET status = 'expired', next_attempt_at = NULL, error = ?1, updated_at = ?2
        WHERE next_attempt_at IS NOT NULL AND (status <> 'sending' OR next_attempt_at <= ?2)
          AND notification IN (SELECT id FROM notifications WHERE created_at < ?3)
        """
    ).execute(arguments: [reason, now, moment])
    return database.changesCount
  }

  /// Takes the next message of a channel that is due, and writes down that it is being tried: until
  /// `leaseSeconds` from now nobody else takes it.
  func claimMessage(
    _ channel: OutboxMessage.Channel, leaseSeconds: Int64
  ) throws -> OutboxMessage? {
    guard
      let id = try Int64.fetchOne(
        database.cachedStatement(
          sql: """
            SELECT id FROM messages WHERE channel = ? AND next_attempt_at <= ?
            ORDER BY next_attempt_at, id LIMIT 1
            """), arguments: [channel.rawValue, now])
    else { return nil }
    try database.cachedStatement(
      sql: """
        UPDATE messages SET status = 'sending', attempts = attempts + 1, next_attempt_at = ?,
          updated_at = ? WHERE id = ?
        """
    ).execute(arguments: [now + leaseSeconds, now, id])
    return try messages(where: "m.id = ?", [id]).first
  }

  /// Writes down how an attempt ended.
  func settle(
    _ message: OutboxMessage, _ status: OutboxMessage.Status, error: String? = nil,
    nextAttemptAt: Timestamp? = nil
  ) throws {
    try database.cachedStatement(
      sql: """
        UPDATE messages SET status = ?1, error = ?2, next_attempt_at = ?3, sent_at = ?4,
          updated_at = ?5 WHERE id = ?6
        """
    ).execute(arguments: [
      status.rawValue, error, nextAttemptAt, status == .sent ? now : nil, now, message.id,
    ])
  }

  /// How many messages are still to be sent, due or not.
  func openMessageCount() throws -> Int {
    try Int.fetchOne(
      database, sql: "SELECT count(*) FROM messages WHERE next_attempt_at IS NOT NULL") ?? 0
  }

  /// Whether anything waits in the outbox that could be sent now over one of these channels.
  package func hasDueMessages(_ channels: [OutboxMessage.Channel]) throws -> Bool {
    if try !unaddressedNotifications(limit: 1).isEmpty { return true }
    return try channels.contains { channel in
      try Bool.fetchOne(
        database.cachedStatement(
          sql: """
            SELECT 1 FROM messages WHERE channel = ? AND next_attempt_at <= ? LIMIT 1
            """), arguments: [channel.rawValue, now]) ?? false
    }
  }

  /// The messages of the outbox, the newest notification first.
  package func messages(
    status: OutboxMessage.Status?, customerID: String?, limit: Int?
  ) throws -> [OutboxMessage] {
    try messages(
      where: """
        (?1 IS NULL OR m.status = ?1) AND (?2 IS NULL OR n.customer = ?2)
        ORDER BY n.id DESC, m.id LIMIT ?3
        """, [status?.rawValue, customerID, limit ?? -1])
  }

  /// Messages of one notification that are to be sent when it is tried next; for dry runs.
  package func openMessages(_ channels: [OutboxMessage.Channel]) throws -> [OutboxMessage] {
    try channels.flatMap { channel in
      try messages(
        where: "m.channel = ?1 AND m.next_attempt_at <= ?2 ORDER BY m.next_attempt_at, m.id",
        [channel.rawValue, now])
    }
  }

  private func messages(
    where condition: String, _ arguments: StatementArguments
  ) throws -> [OutboxMessage] {
    try Row.fetchAll(
      database.cachedStatement(
        sql: """
          SELECT n.id, m.id, m.recipient, m.channel, m.address, m.status, m.attempts,
            m.next_attempt_at, m.error, m.sent_at, n.created_at, \(NotificationColumns.text)
          FROM messages AS m JOIN notifications AS n ON n.id = m.notification
          WHERE \(condition)
          """), arguments: arguments
    ).compactMap { try OutboxMessage(row: $0) }
  }
}

extension OutboxMessage {
  fileprivate init?(row: Row) throws {
    guard let notification = try NotificationColumns.notification(row, from: 11),
      let recipient = Recipient(rawValue: row[2]), let channel = Channel(rawValue: row[3]),
      let status = Status(rawValue: row[5])
    else { return nil }
    self.init(
      notificationID: row[0], id: row[1], notification: notification, recipient: recipient,
      channel: channel, address: row[4], status: status, attempts: row[6], nextAttemptAt: row[7],
      error: row[8], sentAt: row[9], created: row[10])
  }
}
