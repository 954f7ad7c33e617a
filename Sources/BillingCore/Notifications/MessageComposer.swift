import Basics
import Stripe

/// Writes messages: what a template says, with what is known of a notification.
package struct MessageComposer: Sendable {
  private let catalogue: Catalogue
  private let templates: MessageTemplates
  private let mode: Store.Mode?

  /// - Parameter mode: of what is no real money it is said in the subject.
  package init(_ catalogue: Catalogue, _ templates: MessageTemplates, mode: Store.Mode?) {
    self.catalogue = catalogue
    self.templates = templates
    self.mode = mode
  }

  /// What a message says.
  package struct Words: Sendable, Hashable {
    package var subject: String
    package var text: String
    package var page: String
  }

  /// - Parameter decline: why a payment failed, where that is known.
  package func words(
    of message: OutboxMessage, customer: CustomerRow?, decline: DeclineCode?
  ) -> Words {
    let entry = templates.entry(message.notification.kind)
    let facts = MessageFacts(
      message.notification, created: message.created, customer: customer, decline: decline,
      catalogue, language: entry.language
    ).values
    var words = Words(
      subject: entry.subject.subject(facts), text: entry.text.text(facts),
      page: entry.page.map { $0.page(facts) }
        ?? Self.page(entry.text.paragraphs(facts), language: entry.language))
    if message.recipient == .operators, !message.notification.kind.isForOperators {
      tellWhom(&words, facts, entry)
    }
    words.subject = prefix + words.subject
    return words
  }

  private var prefix: String {
    switch mode {
    case .sandbox: "[sandbox] "
    case .test: "[test] "
    case .live, nil: ""
    }
  }

  /// Operators read what the customer reads, and who that is.
  private func tellWhom(
    _ words: inout Words, _ facts: [String: String], _ entry: MessageTemplates.Entry
  ) {
    let name = facts["customer_email"] ?? facts["customer_name"] ?? "a customer"
    let id = facts["customer_id"].map { " (\($0))" } ?? ""
    words.subject = "\(name): \(words.subject)"
    words.text = "To \(name)\(id):\n\n\(words.text)"
    let heading = "<strong>To \(HTMLText.escaped("\(name)\(id)")):</strong>"
    words.page = Self.page(
      [heading] + entry.text.paragraphs(facts), language: entry.language)
  }

  /// A page that mail programs can show: no style sheet from elsewhere, no picture.
  private static func page(_ paragraphs: [String], language: String) -> String {
    """
    <!doctype html>
    <html lang="\(language)">
    <head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>
    <body style="margin: 0 auto; max-width: 36rem; padding: 1.5rem; font: 1rem/1.5 system-ui, \
    sans-serif">
    \(paragraphs.map { "<p>\($0)</p>" }.joined(separator: "\n"))
    </body>
    </html>

    """
  }
}

extension MessageComposer {
  /// The mail of a message. Its id is made of what brought it about and of the address, so that a
  /// repetition bears the same.
  func mail(_ words: Words, of message: OutboxMessage) throws(UnsendableMessage) -> MailMessage {
    guard let rules = catalogue.notifications else { throw UnsendableMessage("no sender is known") }
    guard let address = message.address.flatMap({ MailAddress($0) }) else {
      throw UnsendableMessage("mail cannot be sent to this address")
    }
    let cause = "\(message.notification.cause) \(address)"
    let digest = Hex.encode(Hash.sha256(Array(cause.utf8)).prefix(16))
    var sender = rules.sender
    sender.name = sender.name?.onOneLine
    do throws(MailMessage.Mistake) {
      return try MailMessage(
        from: sender, to: address, subject: words.subject, name: "billing.\(digest)",
        date: message.created, text: words.text, html: words.page)
    } catch {
      throw UnsendableMessage("\(error.header) has a line break or another control character")
    }
  }
}

/// Why a message can never be sent, whatever is tried.
struct UnsendableMessage: Error, Sendable, Hashable {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
