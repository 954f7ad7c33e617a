import Basics
import Testing

@testable import Stripe

@Suite(.tags(.unit)) struct SMTPServerTests {
  private func words(_ text: String) throws(SMTPServer.Mistake) -> String {
    let server = try SMTPServer(text)
    return [
      server.url, server.user, server.password?.reveal(), server.caFile,
      server.isLoopback ? "loopback" : nil,
    ].compactMap { $0 }.joined(separator: " ")
  }

  @Test(arguments: [
    ("smtp://mail.example.com", "smtp://mail.example.com:587/"),
    ("SMTPS://Mail.example.com/", "smtps://mail.example.com:465/"),
    ("smtp://ada:secret@mail.example.com:25", "smtp://mail.example.com:25/ ada secret"),
    ("smtp://ada%40x.com:p%3A%2F%40@h", "smtp://h:587/ ada@x.com p:/@"),
    // An `@` that is not encoded belongs to what stands before the last one.
    ("smtp://ada@x.com:p@ss@h", "smtp://h:587/ ada@x.com p@ss"),
    ("smtp://ada@localhost:1025", "smtp://localhost:1025/ ada loopback"),
    ("smtps://[::1]:465?ca=/etc/our%20ca.pem", "smtps://[::1]:465/ /etc/our ca.pem loopback"),
  ])
  func servers(_ text: String, _ expected: String) throws {
    #expect(try words(text) == expected)
  }

  @Test(arguments: [
    ("mail.example.com", SMTPServer.Mistake.noAddress), ("http://h", .noAddress),
    ("smtp://", .noAddress), ("smtp://h:0", .noAddress), ("smtp://h:70000", .noAddress),
    ("smtp://h/path", .noAddress), ("smtp://h\r\nX", .noAddress), ("smtp://a:b@h#x", .noAddress),
    ("smtp://:b@h", .user), ("smtp://a:%0D%0AX@h", .user), ("smtp://a:%zz@h", .user),
    ("smtp://a:%4@h", .user), ("smtp://h?tls=no", .unknownOption), ("smtp://h?ca=", .unknownOption),
  ])
  func mistakes(_ text: String, _ mistake: SMTPServer.Mistake) {
    #expect(throws: mistake) { try SMTPServer(text) }
  }

  @Test func aPasswordIsNotShown() throws {
    let server = try SMTPServer("smtp://ada:very-secret-password@h")
    #expect(!"\(server)".contains("very-secret"))
    #expect(!String(reflecting: server).contains("very-secret"))
  }
}
