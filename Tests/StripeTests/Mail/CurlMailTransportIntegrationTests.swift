import Basics
import Foundation
import Testing

@testable import Stripe

@Suite(.tags(.integration)) struct CurlMailTransportIntegrationTests {
  private func message(subject: String = "Hello", text: String = "Hi,\n.\nA dot.") throws
    -> MailMessage
  {
    try MailMessage(
      from: .init(name: "Shop", address: #require(MailAddress("shop@example.com"))),
      to: #require(MailAddress("ada@example.com")), subject: subject, name: "n1",
      date: Timestamp(1_795_168_800), text: text, html: "<p>Hi</p>")
  }

  /// How the sending of a message ended, in words, and what the server was told.
  private func send(
    to server: LoopbackMailServer, login: String = "", timeoutSeconds: Double = 20
  ) async throws -> String {
    try await LoopbackServer.serve { connection, _ in
      server.serve(connection)
    } _: { loopback in
      let address = try SMTPServer("smtp://\(login)127.0.0.1:\(loopback.port)")
      let transport = CurlMailTransport(address, timeoutSeconds: timeoutSeconds)
      return await Self.words { try await transport.send(message()) }
    }
  }

  private static func words(
    _ send: () async throws -> MailReply
  ) async -> String {
    do {
      switch try await send() {
      case .accepted: return "accepted"
      case .refused(let status, let words): return "refused \(status): \(words)"
      }
    } catch let error as TransportError {
      return "\(error.kind): \(error.detail)"
    } catch {
      return "\(error)"
    }
  }

  @Test func aMessageGoesAsItWasWritten() async throws {
    let server = LoopbackMailServer()
    #expect(try await send(to: server) == "accepted")
    let told = server.told
    #expect(told.first?.hasPrefix("EHLO ") == true)
    #expect(
      told.filter { !$0.hasPrefix(" ") }.dropFirst() == [
        "MAIL FROM:<shop@example.com>", "RCPT TO:<ada@example.com>", "DATA", "QUIT",
      ])
    #expect(told.contains(" Message-ID: <n1@example.com>"))
    // A dot that stands alone would end the message.
    #expect(told.contains(" .."))
  }

  @Test func userAndPasswordAreDecoded() async throws {
    let server = LoopbackMailServer(offers: ["AUTH PLAIN"])
    #expect(try await send(to: server, login: "ada%40example.com:p%2Fw@") == "accepted")
    let secret = Data("\0ada@example.com\0p/w".utf8).base64EncodedString()
    #expect(server.told.dropFirst().prefix(2) == ["AUTH PLAIN", secret])
  }

  @Test func aRefusalIsAboutTheMessage() async throws {
    #expect(
      try await send(to: LoopbackMailServer(["RCPT": "550 5.1.1 no such user"]))
        == "refused 550: 550 5.1.1 no such user")
    #expect(
      try await send(to: LoopbackMailServer(["RCPT": "450 4.2.1 come back later"]))
        == "refused 450: 450 4.2.1 come back later")
    #expect(
      try await send(to: LoopbackMailServer(["MAIL": "553 not from here"]))
        == "refused 553: 553 not from here")
    #expect(
      try await send(to: LoopbackMailServer([".": "554 it is spam"]))
        == "refused 554: 554 it is spam")
    #expect(
      try await send(to: LoopbackMailServer(["DATA": "451 no room"]))
        == "refused 451: 451 no room")
  }

  @Test func troubleWithTheServerIsNot() async throws {
    #expect(
      try await send(
        to: LoopbackMailServer(["AUTH": "535 5.7.8 wrong password"], offers: ["AUTH PLAIN"]),
        login: "ada:secret-password@")
        == "other: the server does not let this user in: 535 5.7.8 wrong password")
    #expect(
      try await send(to: LoopbackMailServer(greeting: "554 closed")).hasSuffix("(554 closed)"))
    #expect(
      try await send(to: LoopbackMailServer(["MAIL": "421 going down"]))
        .hasSuffix("(421 going down)"))
    #expect(try await send(to: LoopbackMailServer([".": ""])).hasPrefix("cut: "))
    #expect(try await send(to: LoopbackMailServer(greeting: "")).hasPrefix("cut: "))
  }

  @Test func aVisitEndsAfterTheLogin() async throws {
    let server = LoopbackMailServer(offers: ["AUTH PLAIN"])
    try await LoopbackServer.serve { connection, _ in
      server.serve(connection)
    } _: { loopback in
      try await CurlMailTransport(SMTPServer("smtp://ada:pw@127.0.0.1:\(loopback.port)")).probe()
    }
    #expect(server.told.dropFirst(3) == ["NOOP", "QUIT"])
    let closed = LoopbackMailServer(["AUTH": "535 no"], offers: ["AUTH PLAIN"])
    try await LoopbackServer.serve { connection, _ in
      closed.serve(connection)
    } _: { loopback in
      _ = await #expect(throws: TransportError.self) {
        try await CurlMailTransport(SMTPServer("smtp://ada:pw@127.0.0.1:\(loopback.port)")).probe()
      }
    }
  }

  @Test func aServerThatIsNotThere() async throws {
    let address = try SMTPServer("smtp://127.0.0.1:1")
    let words = await Self.words {
      try await CurlMailTransport(address).send(message())
    }
    #expect(words.hasPrefix("refused: "))
  }

  @Test func aServerThatSaysNothing() async throws {
    try await LoopbackServer.serve { connection, _ in
      _ = connection.readRequest()
    } _: { loopback in
      let address = try SMTPServer("smtp://127.0.0.1:\(loopback.port)")
      let words = await Self.words {
        try await CurlMailTransport(address, timeoutSeconds: 0.2).send(message())
      }
      #expect(words.hasPrefix("timeout: "))
    }
  }

  @Test func whoeverIsCanceledStops() async throws {
    try await LoopbackServer.serve { connection, _ in
      _ = connection.readRequest()
    } _: { loopback in
      let transport = CurlMailTransport(try SMTPServer("smtp://127.0.0.1:\(loopback.port)"))
      let message = try message()
      let task = Task { await Self.words { try await transport.send(message) } }
      task.cancel()
      #expect(await task.value == "canceled: the message was canceled")
    }
  }

  @Test func aCertificateIsVerified() async throws {
    let server = try TLSServer()
    for host in ["localhost", "127.0.0.1"] {
      let address = try SMTPServer("smtps://\(host):\(server.port)")
      let words = await Self.words {
        try await CurlMailTransport(address).send(message())
      }
      #expect(words.hasPrefix("tls: "), "\(words)")
    }
  }
}
