import Basics
import BillingServer
import Foundation
import StripeSandbox
import Testing

@Suite(.tags(.integration), .serialized, .timeLimit(.minutes(10)))
struct SandboxServerIntegrationTests {
  /// Runs a server around a body of a test, which is told the port, and waits for its end.
  private func withServer(
    limits: SandboxServer.Limits = .init(), _ body: @escaping @Sendable (Int) throws -> Void
  ) async throws {
    try await withPort(limits: limits) { port in try await onThread { try body(port) } }
  }

  private func withPort(
    limits: SandboxServer.Limits = .init(), _ body: (Int) async throws -> Void
  ) async throws {
    let server = SandboxServer(
      sandbox: try Sandbox(.init(path: nil)), port: 0, limits: limits)
    try await server.running(body)
  }

  private static func request(
    _ line: String, body: String = "", headers: String = "Authorization: Bearer sk_test_x\r\n"
  ) -> String {
    """
    \(line) HTTP/1.1\r
    Host: localhost\r
    \(headers)Content-Type: application/x-www-form-urlencoded\r
    Content-Length: \(body.utf8.count)\r
    \r
    \(body)
    """
  }

  @Test func answersOverAKeptConnection() async throws {
    try await withServer { port in
      let client = try LoopbackClient(port: port)
      client.send(Self.request("POST /v1/products", body: "name=Starter"))
      let created = try client.receiveAnswer()
      #expect(created.head.hasPrefix("HTTP/1.1 200 OK\r\n"))
      #expect(created.head.lowercased().contains("\r\nrequest-id: req_"))
      let product = try JSON(parsing: created.body)
      #expect(product["name"] == "Starter")
      client.send(Self.request("GET /v1/products?limit=1"))
      let list = try JSON(parsing: client.receiveAnswer().body)
      #expect(list["data"] == [product])
      #expect(list["has_more"] == false)
    }
  }

  /// Whoever reads must not take what is true now for older than the sandbox's events.
  @Test func anAnswerIsAsOldAsTheSandboxsClockSays() async throws {
    let sandbox = try Sandbox(.init(path: nil, systemTime: { Timestamp(1_795_168_800) }))
    try await SandboxServer(sandbox: sandbox, port: 0).running { port in
      try await onThread {
        let client = try LoopbackClient(port: port)
        client.send(Self.request("GET /v1/products"))
        let head = try client.receiveAnswer().head
        #expect(head.lowercased().contains("\r\ndate: fri, 20 nov 2026 10:00:00 gmt"))
      }
    }
  }

  @Test func carriesTheSandboxsErrors() async throws {
    try await withServer { port in
      let client = try LoopbackClient(port: port)
      client.send(Self.request("GET /v1/products/prod_none", headers: "Connection: close\r\n"))
      let answer = try client.receiveAll()
      #expect(answer.hasPrefix("HTTP/1.1 401 Unauthorized\r\n"))
      #expect(answer.contains("\"error\""))
    }
  }

  @Test func refusesABodyOverTheLimitAndServesOn() async throws {
    var limits = SandboxServer.Limits()
    limits.bodyBytes = 1000
    try await withServer(limits: limits) { port in
      let client = try LoopbackClient(port: port)
      let body = "name=" + String(repeating: "a", count: 2000)
      client.send(Self.request("POST /v1/products", body: body, headers: "Connection: close\r\n"))
      let answer = try client.receiveAll()
      #expect(answer.hasPrefix("HTTP/1.1 413 "))
      let wanted = #"""
        {"error":{"type":"invalid_request_error","message":"The body is longer than 1000 bytes, which is more than we take."}}
        """#
      #expect(answer.hasSuffix("\r\n\r\n\(wanted)\n"))

      let other = try LoopbackClient(port: port)
      other.send(Self.request("GET /v1/products"))
      #expect(try other.receiveAnswer().head.hasPrefix("HTTP/1.1 200 "))
    }
  }

  @Test(
    arguments: [
      [0, 1, 2, 3, 255, 254, 13, 10, 13, 10],
      Array("GET / HTTP/9.9\r\n\r\n".utf8),
      Array("\r\n\r\n\r\n\r\nBREW\r\n\r\n".utf8),
      Array("GET /v1/\u{0} HTTP/1.1\r\nHost: a\r\n\r\n".utf8),
      Array("GET /\u{e9}?\u{2028}=%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8),
      Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n".utf8),
      Array("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".utf8),
      Array("GET / HTTP/1.1\r\nBad Header: x\r\n\r\n".utf8),
      Array("GET /\(String(repeating: "a", count: 200_000)) HTTP/1.1\r\n\r\n".utf8),
      [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03],
    ] as [[UInt8]])
  func survivesOddBytes(bytes: [UInt8]) async throws {
    var limits = SandboxServer.Limits()
    limits.idleMilliseconds = 1000
    try await withServer(limits: limits) { port in
      let odd = try LoopbackClient(port: port)
      odd.send(bytes)
      let answer = try odd.receiveAll()
      #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"))

      let client = try LoopbackClient(port: port)
      client.send(Self.request("GET /v1/products"))
      #expect(try client.receiveAnswer().head.hasPrefix("HTTP/1.1 200 "))
    }
  }

  @Test(arguments: [
    "", "GET /v1/products HTTP/1.1\r\nHost: loc",
    "POST /v1/products HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nname",
  ])
  func hangsUpOnSilence(sent: String) async throws {
    var limits = SandboxServer.Limits()
    limits.idleMilliseconds = 200
    try await withServer(limits: limits) { port in
      let client = try LoopbackClient(port: port)
      client.send(sent)
      #expect(try client.receiveAll().isEmpty)
    }
  }

  @Test func hangsUpOnABodyThatDrips() async throws {
    var limits = SandboxServer.Limits()
    limits.bodyMilliseconds = 200
    try await withServer(limits: limits) { port in
      let client = try LoopbackClient(port: port)
      client.send("POST /v1/products HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nn")
      #expect(try client.receiveAll().isEmpty)
    }
  }

  @Test func clientsAtOnceAllGetAnswers() async throws {
    try await withPort { port in
      let answers = try await withThrowingTaskGroup(of: String.self) { group in
        for number in 0..<16 {
          group.addTask {
            try await onThread {
              let client = try LoopbackClient(port: port)
              client.send(
                Self.request(
                  "POST /v1/products", body: "name=P\(number)",
                  headers: "Authorization: Bearer sk_test_x\r\nConnection: close\r\n"))
              return try client.receiveAll()
            }
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.count == 16)
      for answer in answers { #expect(answer.hasPrefix("HTTP/1.1 200 ")) }
    }
  }

  @Test func aStopClosesIdleConnectionsAndFreesThePort() async throws {
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    try await withServer { port in
      continuation.yield(port)
      let idle = try LoopbackClient(port: port)
      idle.send(Self.request("GET /v1/products"))
      _ = try idle.receiveAnswer()
    }
    var iterator = ports.makeAsyncIterator()
    let port = try #require(await iterator.next())
    #expect(throws: LoopbackClient.Failure.self) { _ = try LoopbackClient(port: port) }
  }

  @Test func saysWhyItCannotListen() async throws {
    try await withPort { port in
      let second = SandboxServer(sandbox: try Sandbox(.init(path: nil)), port: port)
      let error = await #expect(throws: CannotListen.self) {
        try await second.run { _, _ in }
      }
      #expect(error?.port == port)
      #expect(error?.cause == .inUse)
    }
    let impossible = SandboxServer(sandbox: try Sandbox(.init(path: nil)), port: 70_000)
    await #expect(throws: CannotListen.self) { try await impossible.run { _, _ in } }
  }

  @Test(arguments: [
    ("", "there is no such host"), ("192.0.2.1", "it is no address of this machine"),
  ]) func saysThatTheHostIsNotHere(_ host: String, _ reason: String) async throws {
    let server = SandboxServer(sandbox: try Sandbox(.init(path: nil)), host: host, port: 0)
    let error = await #expect(throws: CannotListen.self) { try await server.run { _, _ in } }
    #expect(error?.host == host && error?.cause == .notHere(reason))
  }
}
