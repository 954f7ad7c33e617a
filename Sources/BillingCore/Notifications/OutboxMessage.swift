package import Basics
import Stripe

/// A notification on its way to one recipient.
package struct OutboxMessage: Sendable, Hashable {
  package enum Recipient: String, Sendable, Hashable {
    case customer, operators
  }

  package enum Channel: String, Sendable, Hashable, CaseIterable {
    case email, slack
  }

  package enum Status: String, Sendable, Hashable, CaseIterable {
    /// It was not tried yet.
    case waiting
    /// An attempt is under way, or was cut short with its process.
    case sending
    case sent
    /// It was tried, and is tried again.
    case failed
    /// It is not tried any more.
    case dead
    /// It was too old before it could be sent.
    case expired
    /// There is nobody to send it to.
    case skipped
  }

  /// Of the notification.
  package var notificationID: Int64
  /// Nil for one that is only planned.
  package var id: Int64?
  package var notification: Notification
  package var recipient: Recipient
  package var channel: Channel
  /// Of an e-mail; nil where nobody has one.
  package var address: String?
  package var status: Status
  package var attempts = 0
  package var nextAttemptAt: Timestamp?
  package var error: String?
  package var sentAt: Timestamp?
  /// When the notification was written down.
  package var created: Timestamp
}

/// A notification of the outbox, and where it stands there.
package struct OutboxEntry: Sendable, Hashable {
  package var id: Int64
  package var notification: Notification
  package var created: Timestamp
}

extension OutboxEntry {
  /// The messages that come of it: one for each way on which its kind is told, and at least one, so
  /// that nothing that was to be told is lost without a word.
  ///
  /// - Parameter email: the customer's address; nil where there is none.
  package func messages(
    _ rules: NotificationRules, email: String?, hasSlack: Bool
  ) -> [OutboxMessage] {
    let kind = notification.kind
    let routes = rules.routes(of: kind, hasSlack: hasSlack)
    let found = routes.flatMap { route -> [OutboxMessage] in
      switch route {
      case .customer: [toCustomer(email)]
      case .operators where rules.operators.isEmpty:
        [skipped(.operators, "plans.yaml names no operators")]
      case .operators: rules.operators.map { message(.operators, .email, address: $0.text) }
      case .slack: [message(.operators, .slack, address: nil)]
      }
    }
    guard found.isEmpty else { return found.filter { isFirst($0, in: found) } }
    return [
      skipped(
        kind.isForOperators ? .operators : .customer,
        rules.routes[kind] == nil
          ? "plans.yaml names no operators" : "plans.yaml tells nobody of \(kind.rawValue)")
    ]
  }

  /// An operator who is the customer hears of it once.
  private func isFirst(_ message: OutboxMessage, in all: [OutboxMessage]) -> Bool {
    message == all.first { $0.channel == message.channel && $0.address == message.address }
  }

  private func toCustomer(_ email: String?) -> OutboxMessage {
    guard let email, !email.isEmpty else {
      return skipped(.customer, "the customer has no e-mail address")
    }
    return message(.customer, .email, address: email)
  }

  private func skipped(_ recipient: OutboxMessage.Recipient, _ reason: String) -> OutboxMessage {
    var message = message(recipient, .email, address: nil)
    (message.status, message.error, message.nextAttemptAt) = (.skipped, reason, nil)
    return message
  }

  private func message(
    _ recipient: OutboxMessage.Recipient, _ channel: OutboxMessage.Channel, address: String?
  ) -> OutboxMessage {
    OutboxMessage(
      notificationID: id, id: nil, notification: notification, recipient: recipient,
      channel: channel, address: address, status: .waiting, nextAttemptAt: created,
      created: created)
  }
}
