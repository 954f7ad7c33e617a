import Basics
import BillingCore

/// A message of the outbox as it is shown.
enum OutboxView {
  static let keys = [
    "id", "kind", "customer", "recipient", "channel", "address", "status", "attempts",
    "next_attempt_at", "error", "created", "sent_at",
  ]

  static func json(_ message: OutboxMessage) -> JSONObject {
    [
      "id": .integer(message.notificationID), "kind": .string(message.notification.kind.rawValue),
      "customer": JSON(message.notification.customerID),
      "recipient": .string(message.recipient.rawValue),
      "channel": .string(message.channel.rawValue), "address": JSON(message.address),
      "status": .string(message.status.rawValue), "attempts": JSON(message.attempts),
      "next_attempt_at": JSON(message.nextAttemptAt), "error": JSON(message.error),
      "created": JSON(message.created), "sent_at": JSON(message.sentAt),
    ]
  }

  static let columns = [
    Column("ID", "id", alignment: .right), Column("KIND", "kind"),
    Column("TO") { Cell($0["address"]?.string ?? $0["channel"]?.string ?? "-") },
    .status("STATUS"), Column("TRIED", "attempts", alignment: .right).leaving(2),
    Column.time("CREATED", "created").leaving(1), .sentence("ERROR", "error"),
  ]

  /// Whom a message goes to, for a line about it: an address, or Slack.
  static func place(_ message: OutboxMessage) -> String { message.address ?? "Slack" }
}
