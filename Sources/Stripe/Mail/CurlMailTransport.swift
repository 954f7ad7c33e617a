/// SMTP over libcurl, on the same kind of loop as HTTP.
///
/// Certificates are always verified, TLS is at least 1.2, and without it nothing is told to another
/// machine: no user, no password, no message. Each message has a connection of its own, since many
/// servers end one after so many messages without a word.
package final class CurlMailTransport: MailTransport {
  private let server: SMTPServer
  private let timeoutSeconds: Double
  private let loop = CurlLoop()

  /// Costs nothing: libcurl and the thread are started by the first message.
  ///
  /// - Parameter timeoutSeconds: for one message, from the look-up of the name to the server's last
  ///   word.
  package init(_ server: SMTPServer, timeoutSeconds: Double = 60) {
    self.server = server
    self.timeoutSeconds = timeoutSeconds
  }

  deinit { loop.stop() }

  package func send(_ message: MailMessage) async throws(TransportError) -> MailReply {
    try await loop.run(CurlMailExchange(message, server, timeoutSeconds: timeoutSeconds)).get()
  }

  package func probe() async throws(TransportError) {
    _ = try await loop.run(CurlMailExchange(nil, server, timeoutSeconds: timeoutSeconds)).get()
  }
}
