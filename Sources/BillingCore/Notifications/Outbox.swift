import Basics
package import Stripe

/// Sends what the outbox holds: each notification on every way on which its kind is told.
///
/// An attempt is written down before it is made. Where a process ends between the sending and the
/// row that says so, the message is sent once more a quarter of an hour later, under the same
/// Message-ID; nothing is lost. What could not be sent for seven days is not sent any more: by then
/// it would mislead.
package struct Outbox: Sendable {
  /// What is set up to send with.
  package struct Channels: Sendable {
    package var mail: (any MailTransport)?
    package var slack: SlackChannel?

    package init(mail: (any MailTransport)? = nil, slack: SlackChannel? = nil) {
      (self.mail, self.slack) = (mail, slack)
    }

    package var names: [OutboxMessage.Channel] {
      (mail == nil ? [] : [.email]) + (slack == nil ? [] : [.slack])
    }
  }

  /// Operators are told of one topic at most so often.
  static let quietSeconds: Int64 = 3_600
  static let lifeSeconds: Int64 = 7 * 86_400
  /// Longer than any attempt takes.
  static let leaseSeconds: Int64 = 900
  private static let pageSize = 200

  private let store: Store
  private let rules: NotificationRules
  private let composer: MessageComposer
  private let channels: Channels

  package init(
    _ store: Store, _ rules: NotificationRules, _ composer: MessageComposer, _ channels: Channels
  ) {
    self.store = store
    self.rules = rules
    self.composer = composer
    self.channels = channels
  }

  // MARK: Addressing

  /// Writes the messages of each notification down that has none yet.
  private func address() throws {
    while true {
      let count = try store.write { transaction in
        let page = try transaction.unaddressedNotifications(limit: Self.pageSize)
        for entry in page {
          try transaction.put(
            transaction.messages(of: entry, rules, hasSlack: channels.slack != nil), of: entry.id)
        }
        return page.count
      }
      guard count == Self.pageSize else { return }
    }
  }

  // MARK: Sending

  /// Sends what is due. Ends when nothing is, or when no channel gets anything through.
  ///
  /// - Parameter onEach: told of each message that was tried, as it stands then.
  package func flush(onEach: (OutboxMessage) -> Void = { _ in }) async throws -> OutboxSummary {
    var summary = OutboxSummary()
    try address()
    summary.expired = try store.write {
      try $0.expireMessages(
        writtenBefore: $0.now - Self.lifeSeconds, because: "it was not sent within 7 days")
    }
    for channel in channels.names {
      while let message = try claim(channel) {
        let outcome = try await attempt(message)
        let settled = try settle(message, outcome)
        summary.add(settled)
        onEach(settled)
        if case .unavailable = outcome { break }
      }
    }
    summary.waiting = try store.read { try $0.openMessageCount() } - summary.failed
    return summary
  }

  private func claim(_ channel: OutboxMessage.Channel) throws -> OutboxMessage? {
    try store.write { try $0.claimMessage(channel, leaseSeconds: Self.leaseSeconds) }
  }

  private func settle(
    _ message: OutboxMessage, _ outcome: DeliveryOutcome
  ) throws -> OutboxMessage {
    try store.write { transaction in
      let verdict = RetryPlan.verdict(outcome, attempt: message.attempts, at: transaction.now)
      try transaction.settle(
        message, verdict.status, error: verdict.error, nextAttemptAt: verdict.nextAttemptAt)
      var settled = message
      (settled.status, settled.error) = (verdict.status, verdict.error)
      settled.nextAttemptAt = verdict.nextAttemptAt
      settled.sentAt = verdict.status == .sent ? transaction.now : nil
      return settled
    }
  }

  private func attempt(_ message: OutboxMessage) async throws -> DeliveryOutcome {
    let words = try words(of: message)
    switch message.channel {
    case .slack:
      guard let slack = channels.slack else { preconditionFailure("only its channel is claimed") }
      return try await slack.send(words)
    case .email:
      guard let mail = channels.mail else { preconditionFailure("only its channel is claimed") }
      do {
        return DeliveryOutcome(try await mail.send(composer.mail(words, of: message)))
      } catch let error as UnsendableMessage {
        return .refused(error.reason, isFinal: true)
      } catch let error as TransportError {
        if error.kind == .canceled { throw CancellationError() }
        return .unavailable(error.detail, retryAfterSeconds: nil)
      }
    }
  }

  /// What a message says.
  package func words(of message: OutboxMessage) throws -> MessageComposer.Words {
    let (customer, decline) = try store.read { transaction in
      let notification = message.notification
      return (
        try notification.customerID.flatMap { try transaction.customer($0) },
        try transaction.decline(of: notification)
      )
    }
    return composer.words(of: message, customer: customer, decline: decline)
  }

  /// What would be sent now, in the order in which it would be: for dry runs.
  package func due(_ wanted: [OutboxMessage.Channel]) throws -> [OutboxMessage] {
    let hasSlack = wanted.contains(.slack)
    let all = try store.read { transaction -> [OutboxMessage] in
      var messages = try transaction.openMessages(wanted)
      for entry in try transaction.unaddressedNotifications() {
        messages += try transaction.messages(of: entry, rules, hasSlack: hasSlack)
          .filter { $0.status == .waiting && wanted.contains($0.channel) }
      }
      return messages
    }
    return all.filter { $0.created >= oldest }
  }

  private var oldest: Timestamp { store.now() - Self.lifeSeconds }
}

extension Transaction {
  /// The messages of what has none yet, as they would be written down now.
  package func messages(
    of entry: OutboxEntry, _ rules: NotificationRules, hasSlack: Bool
  ) throws -> [OutboxMessage] {
    var email: String?
    if let id = entry.notification.customerID, let row = try customer(id), !row.isDeleted {
      email = row.email
    }
    return entry.messages(rules, email: email, hasSlack: hasSlack)
  }
}

/// How a run of the outbox went, in messages.
package struct OutboxSummary: Sendable, Hashable {
  package private(set) var sent = 0
  /// Those that were tried, and are tried again.
  package private(set) var failed = 0
  /// Those that were tried, and are not tried any more.
  package private(set) var dead = 0
  package internal(set) var expired = 0
  /// Those that were not tried: their time has not come, or their channel does not work or is not
  /// set up.
  package internal(set) var waiting = 0

  package init() {}

  mutating func add(_ message: OutboxMessage) {
    switch message.status {
    case .sent: sent += 1
    case .dead: dead += 1
    case .failed: failed += 1
    case .waiting, .sending, .expired, .skipped: break
    }
  }

  package var isWhole: Bool { failed == 0 && dead == 0 }
  package var tried: Int { sent + failed + dead }
}

extension DeliveryOutcome {
  /// A mail server's code from 500 on stands; below it may say something else later.
  init(_ reply: MailReply) {
    switch reply {
    case .accepted: self = .sent
    case .refused(let status, let words): self = .refused(words, isFinal: status >= 500)
    }
  }
}
