/// The seam between us and a mail server: libcurl stands behind it, or a record of a test.
package protocol MailTransport: Sendable {
  /// Hands one message over, once. What is thrown has to do with the server and not with the message:
  /// it was not reached, did not let us in, or hung up.
  func send(_ message: MailMessage) async throws(TransportError) -> MailReply

  /// Reaches the server and is let in, and tells it nothing.
  func probe() async throws(TransportError)
}

/// What a mail server said of one message.
package enum MailReply: Sendable, Hashable {
  case accepted
  /// It did not take the sender, the recipient or the text.
  ///
  /// - Parameters:
  ///   - status: the code of SMTP; from 500 on it will say so again.
  ///   - words: the server's line, as in `550 5.1.1 no such user`.
  case refused(status: Int, words: String)
}
