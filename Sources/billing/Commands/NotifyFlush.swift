import Basics
import BillingCore

struct NotifyFlush: Command {
  static let name = "notify flush"
  static let summary = "Send what customers and operators are to be told"
  static let discussion = """
    Sends what is due in the outbox by mail (SMTP_URL) and to Slack (SLACK_WEBHOOK_URL). webhook
    listen does the same by itself; run this from cron where no listener runs. --dry-run shows the
    messages and sends none.

    plans.yaml says who is told of what. Without notifications: nobody is. Mails are from the email
    in business:.

      language: en                     how money and dates are written
      notifications:
        operators: [ops@example.com]
        templates: templates           a folder of your own words, beside plans.yaml
        kinds:
          payment_failed: [customer, slack]
          trial_ended: []              nobody

    Customers are told of payment_failed payment_recovered trial_ending trial_ended
    subscription_started subscription_changed subscription_canceled usage_threshold usage_overage
    (what usage alerts --notify found) tokens_purchased card_expiring; operators, by mail and in
    Slack, at most once an hour for each cause, of dead_letters drift ledger_difference doctor_fault.

    The words are built in, in English. templates/<language>/payment_failed.txt replaces those of a
    kind: a line Subject: …, an empty line, the text. payment_failed.html is the page to it. {{amount}}
    stands for a value; a line with a value that is not there is left out. plans validate tells each
    mistake with its line, and what names there are.

    A refusal that may pass is tried again after 1, 5, 15 minutes, 1, 4, 12 and 24 hours, then the
    message is dead; a server that does not answer costs no message its life. What could not be sent
    for seven days has expired. An attempt is written down before it is made: where the process ends
    between the sending and the row, the message comes twice, with the same Message-ID.

    With a test key, [test] stands in each subject. In the sandbox only servers on this machine are
    used. SMTP_URL is smtps://user:password@host or smtp://…:587, where TLS (STARTTLS) is demanded
    but on this machine; ?ca=FILE trusts an authority of your own. Exit 10 when a message was not
    taken, 8 when nothing is set up to send with.
    """
  static let examples = ["notify flush", "notify flush --dry-run", "--sandbox notify flush --json"]
  static let isBatch = true
  /// How many messages that were not taken are told one by one.
  private static let toldFailures = 20

  init(parsing arguments: inout Arguments) throws(UsageError) {}

  func run(_ context: Context) async throws -> Output {
    let catalogue = try context.catalogue()
    let channels = try context.channels()
    let outbox = try context.outbox(catalogue, channels)
    guard !context.settings.isDryRun else {
      let wanted = channels.names.isEmpty ? [.email] : channels.names
      return .planned(
        try outbox.due(wanted).map { ($0, try outbox.words(of: $0)) })
    }
    guard !channels.names.isEmpty else {
      throw CommandError.configuration(
        "missing_channel", "nothing is set up to send with",
        hint: "set SMTP_URL or SLACK_WEBHOOK_URL; --dry-run shows the messages")
    }
    try context.requireOwnWrite("send the notifications")
    try OutboxWatch(context.store()).look()
    return .flushed(try await flush(outbox, context))
  }

  private func flush(_ outbox: Outbox, _ context: Context) async throws -> OutboxSummary {
    let progress = context.progress("sending")
    var failures: [String] = []
    defer {
      progress.finish()
      for failure in failures.prefix(Self.toldFailures) { context.warn(failure) }
      let rest = failures.count - Self.toldFailures
      if rest > 0 { context.warn("and \(rest) more were not taken") }
    }
    return try await outbox.flush { message in
      progress.advance()
      guard let error = message.error else { return }
      failures.append(
        "\(message.notification.kind.rawValue) to \(OutboxView.place(message)): \(error)")
    }
  }
}

extension NotifyFlush {
  /// How it went, or what would be sent.
  enum Output: Report {
    case flushed(OutboxSummary)
    case planned([(message: OutboxMessage, words: MessageComposer.Words)])

    var data: ReportData {
      switch self {
      case .flushed(let summary):
        .object([
          "sent": JSON(summary.sent), "failed": JSON(summary.failed), "dead": JSON(summary.dead),
          "expired": JSON(summary.expired), "waiting": JSON(summary.waiting),
        ])
      case .planned(let messages):
        .object([
          "dry_run": true, "requests": [], "changes": [],
          "preview": .array(
            messages.map { message, words in
              [
                "kind": .string(message.notification.kind.rawValue),
                "customer": JSON(message.notification.customerID),
                "channel": .string(message.channel.rawValue), "address": JSON(message.address),
                "subject": .string(words.subject), "text": .string(words.text),
                "html": message.channel == .email ? .string(words.page) : .null,
              ]
            }),
        ])
      }
    }

    var human: HumanForm {
      switch self {
      case .flushed(let summary): .text(Self.sentence(summary))
      case .planned(let messages) where messages.isEmpty: .text("Nothing is to be sent.")
      case .planned(let messages):
        .text(
          messages.map { message, words in
            let heading = "To: \(OutboxView.place(message))\nSubject: \(words.subject)"
            let text = words.text.split(separator: "\n", omittingEmptySubsequences: false)
              .map { VisibleText.of(String($0)) }.joined(separator: "\n")
            return heading.split(separator: "\n").map { VisibleText.of(String($0)) }
              .joined(separator: "\n") + "\n\n" + text
          }.joined(separator: "\n\n---\n\n"))
      }
    }

    private static func sentence(_ summary: OutboxSummary) -> String {
      let parts = [
        (summary.failed, "failed and tried again later"), (summary.dead, "given up"),
        (summary.expired, "expired"), (summary.waiting, "waiting"),
      ].filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)" }
      return "\(summary.sent) sent\(parts.joined())."
    }

    var outcome: Outcome {
      guard case .flushed(let summary) = self, !summary.isWhole else { return .done }
      let (count, total) = (summary.failed + summary.dead, summary.tried)
      return .failed(
        .partial(
          total == 1
            ? "the only message was not sent" : "\(count) of \(total) messages were not sent",
          hint: "billing notify list tells why, and when they are tried again"))
    }
  }
}
