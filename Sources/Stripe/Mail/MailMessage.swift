package import Basics

/// One message to one recipient, as a text and as a page.
///
/// A header cannot be slipped in: addresses are `MailAddress`es, a name or subject with a line break
/// or another control character is refused, and what is not plain ASCII is encoded.
package struct MailMessage: Sendable, Hashable {
  /// A value that cannot stand in a header.
  package struct Mistake: Error, Sendable, Hashable {
    package let header: String
  }

  /// Who a message is from.
  package struct Sender: Sendable, Hashable {
    package var name: String?
    package var address: MailAddress

    package init(name: String?, address: MailAddress) {
      (self.name, self.address) = (name, address)
    }
  }

  package let from: Sender
  package let to: MailAddress
  package let subject: String
  /// By which receivers know a message that comes twice: `<…@host>`.
  package let id: String
  package let date: Timestamp
  package let text: String
  package let html: String

  /// - Parameter name: what makes the message's id, in letters, digits, `.` and `-`; the same for
  ///   every attempt.
  package init(
    from: Sender, to: MailAddress, subject: String, name: String, date: Timestamp, text: String,
    html: String
  ) throws(Mistake) {
    for (header, value) in [("From", from.name ?? ""), ("Subject", subject)]
    where !HeaderText.isPossible(value) {
      throw Mistake(header: header)
    }
    guard !name.isEmpty, name.wholeMatch(of: /[A-Za-z0-9.-]+/) != nil else {
      throw Mistake(header: "Message-ID")
    }
    (self.from, self.to, self.subject, self.date) = (from, to, subject, date)
    (self.text, self.html) = (text, html)
    id = "<\(name)@\(from.address.host)>"
  }

  /// The message as it goes over the wire (RFC 5322, RFC 2045): the text first, then the page, of
  /// which a mail program shows the last one that it can.
  package var bytes: [UInt8] {
    // In quoted-printable `=` is always followed by two digits or a line's end, so that this line
    // can stand in neither part.
    let boundary = "=_billing"
    let sender = HeaderText.name(from.name).map { "\($0) <\(from.address)>" } ?? "\(from.address)"
    let lines = [
      "Date: \(date.httpDate.dropLast(3))+0000",
      "From: \(sender)",
      "To: \(to)",
      "Subject: \(HeaderText.encoded(subject))",
      "Message-ID: \(id)",
      "Auto-Submitted: auto-generated",
      "MIME-Version: 1.0",
      "Content-Type: multipart/alternative; boundary=\"\(boundary)\"",
      "",
      "--\(boundary)",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      QuotedPrintable.encode(text),
      "--\(boundary)",
      "Content-Type: text/html; charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      QuotedPrintable.encode(html),
      "--\(boundary)--",
      "",
    ]
    return Array(lines.joined(separator: "\r\n").utf8)
  }
}
