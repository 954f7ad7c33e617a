import Foundation
import Testing

@testable import Stripe

@Suite(.tags(.integration)) struct CurlTransportIntegrationTests {
  private func request(_ url: String, timeoutSeconds: Double = 20) -> HTTPRequest {
    HTTPRequest(method: .get, url: url, timeoutSeconds: timeoutSeconds)
  }

  private func failure(
    of request: HTTPRequest, _ transport: CurlTransport = CurlTransport()
  ) async -> TransportError? {
    do throws(TransportError) {
      _ = try await transport.send(request)
      return nil
    } catch {
      return error
    }
  }

  // MARK: What goes right

  @Test func sendsAndReceivesAsWritten() async throws {
    let seen = Recorder<String>()
    try await LoopbackServer.serve { connection, _ in
      while let request = connection.readRequest() {
        seen.add(request)
        connection.send("HTTP/1.1 103 Early Hints\r\nEarly: yes\r\n\r\n")
        connection.answer(
          "é", status: "402 Payment Required", headers: "X-One: 1\r\nx-two:  two \r\nX-One: 3\r\n")
      }
    } _: { server in
      let transport = CurlTransport()
      let response = try await transport.send(
        HTTPRequest(
          method: .post, url: server.url + "/v1/a%2F..%2Fb/../c?x=1",
          headers: ["X-Empty": "", "Content-Type": "text/plain"], body: Array("a=b".utf8)))
      #expect(response.status == 402)
      #expect(response.body == Array("é".utf8))
      #expect(
        response.headers.fields.map { "\($0.name)=\($0.value)" } == [
          "Content-Length=2", "X-One=1", "x-two=two", "X-One=3",
        ])
      let sent = seen.values[0].split(separator: "\r\n", omittingEmptySubsequences: false)
      #expect(sent.first == "POST /v1/a%2F..%2Fb/../c?x=1 HTTP/1.1")
      #expect(sent.last == "a=b")
      #expect(
        Set(sent.dropFirst().dropLast(2)) == [
          "Host: 127.0.0.1:\(server.port)", "Accept: */*",
          "Accept-Encoding: deflate, gzip, br, zstd",
          "X-Empty:", "Content-Type: text/plain", "Content-Length: 3",
        ])
    }
  }

  @Test(arguments: [HTTPMethod.get, .delete, .post]) func methods(_ method: HTTPMethod) async throws
  {
    let seen = Recorder<String>()
    try await LoopbackServer.serve { connection, _ in
      while let request = connection.readRequest() {
        seen.add(String(request.prefix { $0 != "\r\n" }))
        connection.answer("ok")
      }
    } _: { server in
      let response = try await CurlTransport().send(
        HTTPRequest(method: method, url: server.url + "/x"))
      #expect(response.body == Array("ok".utf8))
    }
    #expect(seen.values == ["\(method.rawValue) /x HTTP/1.1"])
  }

  @Test func deleteCanHaveABody() async throws {
    let seen = Recorder<String>()
    try await LoopbackServer.serve { connection, _ in
      guard let request = connection.readRequest() else { return }
      seen.add(request)
      connection.answer("ok")
    } _: { server in
      _ = try await CurlTransport().send(
        HTTPRequest(method: .delete, url: server.url, body: Array("a=b".utf8)))
    }
    #expect(seen.values.first?.hasPrefix("DELETE / HTTP/1.1\r\n") == true)
    #expect(seen.values.first?.hasSuffix("\r\n\r\na=b") == true)
  }

  @Test func keepsTheConnection() async throws {
    try await LoopbackServer.serve { connection, _ in
      while connection.readRequest() != nil { connection.answer("ok") }
    } _: { server in
      let transport = CurlTransport()
      for _ in 1...5 { _ = try await transport.send(request(server.url)) }
      #expect(server.connectionCount == 1)
    }
  }

  @Test func runsFiftyRequestsAtOnce() async throws {
    // Each answer waits until all fifty requests are there.
    let all = Barrier(50)
    try await LoopbackServer.serve { connection, _ in
      guard let request = connection.readRequest() else { return }
      all.arriveAndWait()
      connection.answer(String(request.split(separator: " ")[1]))
    } _: { server in
      let transport = CurlTransport()
      let bodies = try await withThrowingTaskGroup(of: [UInt8].self) { group in
        for number in 1...50 {
          group.addTask { [request = request("\(server.url)/\(number)")] in
            try await transport.send(request).body
          }
        }
        return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
      }
      #expect(bodies == Set((1...50).map { Array("/\($0)".utf8) }))
    }
  }

  @Test func unpacksGzip() async throws {
    // printf 'hello hello' | gzip -9n
    let packed: [UInt8] = [
      0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57, 0xc8, 0x00, 0x91, 0,
      0x40, 0xa6, 0x2d, 0x01, 0x0b, 0, 0, 0,
    ]
    try await LoopbackServer.serve { connection, _ in
      while connection.readRequest() != nil {
        connection.send(
          "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n")
        connection.send(packed)
      }
    } _: { server in
      let response = try await CurlTransport().send(request(server.url))
      #expect(response.body == Array("hello hello".utf8))
    }
  }

  @Test func followsNoRedirect() async throws {
    try await LoopbackServer.serve { connection, server in
      while connection.readRequest() != nil {
        connection.answer("", status: "302 Found", headers: "Location: \(server.url)/other\r\n")
      }
    } _: { server in
      let response = try await CurlTransport().send(request(server.url))
      #expect(response.status == 302)
      #expect(response.headers["location"] == "\(server.url)/other")
      #expect(server.connectionCount == 1)
    }
  }

  @Test func ignoresProxiesForThisMachine() async throws {
    setenv("http_proxy", "http://127.0.0.1:1", 1)
    setenv("https_proxy", "http://127.0.0.1:1", 1)
    defer {
      unsetenv("http_proxy")
      unsetenv("https_proxy")
    }
    try await LoopbackServer.serve { connection, _ in
      while connection.readRequest() != nil { connection.answer("ok") }
    } _: { server in
      let response = try await CurlTransport().send(request(server.url))
      #expect(response.status == 200)
    }
  }

  // MARK: What goes wrong

  @Test func refusedPort() async throws {
    let server = try LoopbackServer { _, _ in }
    server.stop()
    let error = try #require(await failure(of: request(server.url)))
    #expect(error.kind == .refused)
    #expect(!error.mayHaveReachedServer)
    #expect(error.detail.hasPrefix("Failed to connect to 127.0.0.1 port \(server.port)"))
  }

  @Test func unknownName() async throws {
    let error = try #require(await failure(of: request("http://nowhere.invalid/")))
    #expect(error.kind == .nameNotResolved)
    #expect(!error.mayHaveReachedServer)
    #expect(error.detail == "Could not resolve host: nowhere.invalid")
  }

  /// What a server may do after it read the request, and what becomes of it.
  enum Misbehavior: String, CaseIterable, Sendable {
    case cutBeforeAnswer, cutInBody, garbage, badGzip

    func play(_ connection: LoopbackServer.Connection) {
      switch self {
      case .cutBeforeAnswer: break
      case .cutInBody: connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":")
      case .garbage: connection.send("this is not HTTP\r\n\r\n")
      case .badGzip:
        connection.send(
          "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope")
      }
    }

    var detail: String {
      switch self {
      case .cutBeforeAnswer: "Empty reply from server"
      case .cutInBody: "transfer closed with 94 bytes remaining to read"
      case .garbage: "Received HTTP/0.9 when not allowed"
      case .badGzip: "Error while processing content unencoding: incorrect header check"
      }
    }
  }

  @Test(arguments: Misbehavior.allCases) func misbehaves(_ how: Misbehavior) async throws {
    try await LoopbackServer.serve { connection, _ in
      _ = connection.readRequest()
      how.play(connection)
    } _: { server in
      let error = await failure(of: request(server.url))
      #expect(error?.kind == .cut)
      #expect(error?.mayHaveReachedServer == true)
      #expect(error?.detail.hasPrefix(how.detail.prefix(20)) == true, "\(error?.detail ?? "")")
    }
  }

  @Test func slowServer() async throws {
    try await LoopbackServer.serve { connection, _ in
      while connection.readRequest() != nil {}
    } _: { server in
      let error = await failure(of: request(server.url, timeoutSeconds: 0.05))
      #expect(error?.kind == .timeout)
      #expect(error?.mayHaveReachedServer == true)
    }
  }

  @Test func silentDuringTheHandshake() async throws {
    try await LoopbackServer.serve { connection, _ in
      while connection.readRequest() != nil {}
    } _: { server in
      let transport = CurlTransport(.init(connectTimeoutSeconds: 0.05))
      let error = await failure(of: request("https://127.0.0.1:\(server.port)/"), transport)
      #expect(error?.kind == .timeout)
      #expect(error?.mayHaveReachedServer == false)
    }
  }

  @Test(arguments: [
    "Content-Length: 5000", "Transfer-Encoding: chunked",
    "X-Long: \(String(repeating: "x", count: 3000))",
  ])
  func tooLarge(_ header: String) async throws {
    try await LoopbackServer.serve { connection, _ in
      _ = connection.readRequest()
      connection.send("HTTP/1.1 200 OK\r\n\(header)\r\n\r\n")
      if header.hasPrefix("Transfer") { connection.send("1388\r\n") }
      connection.send(String(repeating: "x", count: 5000) + "\r\n")
    } _: { server in
      let transport = CurlTransport(.init(maximumResponseBytes: 2000))
      #expect(
        await failure(of: request(server.url), transport)
          == TransportError(
            kind: .responseTooLarge, mayHaveReachedServer: true,
            detail: "the answer is larger than 2000 bytes"))
    }
  }

  /// 132 bytes that unpack to 100,000.
  @Test func tooLargeWhenUnpacked() async throws {
    // head -c 100000 /dev/zero | gzip -9n
    let head: [UInt8] = [
      0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0xed, 0xc1, 0x31, 0x01, 0, 0, 0, 0xc2, 0xa0, 0xf5, 0x4f,
      0x6d, 0x0d, 0x0f, 0xa0,
    ]
    let tail: [UInt8] = [0x80, 0x57, 0x03, 0x7d, 0x95, 0x11, 0xd4, 0xa0, 0x86, 0x01, 0]
    let packed = head + [UInt8](repeating: 0, count: 132 - head.count - tail.count) + tail
    try await LoopbackServer.serve { connection, _ in
      _ = connection.readRequest()
      connection.send(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n")
      connection.send(packed)
    } _: { server in
      let narrow = CurlTransport(.init(maximumResponseBytes: 2000))
      #expect(await failure(of: request(server.url), narrow)?.kind == .responseTooLarge)
    }
  }

  /// A kept connection is closed unanswered, libcurl tries anew and is refused: that some bytes
  /// went out the first time must not be forgotten.
  @Test func remembersWhatWentOutBeforeTheRefusal() async throws {
    try await LoopbackServer.serve { connection, server in
      guard connection.readRequest() != nil else { return }
      connection.answer("ok")
      guard connection.readRequest() != nil else { return }
      server.stop()
    } _: { server in
      let transport = CurlTransport()
      _ = try await transport.send(request(server.url))
      let error = await failure(of: request(server.url), transport)
      #expect(error?.kind == .refused)
      #expect(error?.mayHaveReachedServer == true)
    }
  }

  @Test func cancellationAfterTheRequestWasSent() async throws {
    let (arrivals, arrived) = AsyncStream<Void>.makeStream()
    try await LoopbackServer.serve { connection, _ in
      while connection.readRequest() != nil { arrived.yield() }
    } _: { server in
      let task = Task { [request = request(server.url)] in
        await failure(of: request)
      }
      for await _ in arrivals { break }
      task.cancel()
      #expect(
        await task.value
          == TransportError(
            kind: .canceled, mayHaveReachedServer: true, detail: "the request was canceled"))
    }
  }

  @Test func cancellationBeforeTheStart() async throws {
    let (gate, open) = AsyncStream<Void>.makeStream()
    let task = Task { [request = request("http://127.0.0.1:1/")] in
      for await _ in gate {}
      return await failure(of: request)
    }
    task.cancel()
    open.finish()
    let error = await task.value
    #expect(error?.kind == .canceled)
    #expect(error?.mayHaveReachedServer == false)
  }

  // MARK: TLS

  @Test func trustedCertificate() async throws {
    let server = try TLSServer()
    let transport = CurlTransport(.init(caFile: server.certificatePath))
    let response = try await transport.send(request("https://localhost:\(server.port)/"))
    #expect(response.status == 200)
    #expect(String(decoding: response.body, as: UTF8.self).contains("TLSv1.3"))
  }

  @Test(.enabled(if: TLSServer.canSpeakHTTP2)) func sharesOneHTTP2Connection() async throws {
    let server = try TLSServer(http2: true)
    let transport = CurlTransport(.init(caFile: server.certificatePath))
    let request = request("https://localhost:\(server.port)/")
    let bodies = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 1...20 { group.addTask { try await transport.send(request).body } }
      return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
    }
    #expect(bodies == [Array("2.0 GET 1".utf8)])

    let url = "https://localhost:\(server.port)/cut"
    let error = await failure(of: HTTPRequest(method: .post, url: url), transport)
    #expect(error?.kind == .cut)
    #expect(error?.mayHaveReachedServer == true)
  }

  @Test func untrustedCertificate() async throws {
    let server = try TLSServer()
    let error = await failure(of: request("https://localhost:\(server.port)/"))
    #expect(
      error
        == TransportError(
          kind: .tls, mayHaveReachedServer: false,
          detail: "SSL certificate problem: self-signed certificate"))
  }

  @Test func certificateOfAnotherHost() async throws {
    let server = try TLSServer()
    let transport = CurlTransport(.init(caFile: server.certificatePath))
    let error = await failure(of: request("https://127.0.0.1:\(server.port)/"), transport)
    #expect(error?.kind == .tls)
    #expect(error?.mayHaveReachedServer == false)
  }

  @Test func missingCertificateFile() async throws {
    let transport = CurlTransport(.init(caFile: "/nonexistent/ca.pem"))
    try await LoopbackServer.serve { _, _ in
    } _: { server in
      let error = await failure(of: request("https://127.0.0.1:\(server.port)/"), transport)
      #expect(error?.kind == .tls)
      #expect(error?.mayHaveReachedServer == false)
    }
  }

  @Test func noTLSAtAll() async throws {
    try await LoopbackServer.serve { connection, _ in
      connection.send("HTTP/1.1 400 Bad Request\r\n\r\n")
    } _: { server in
      let error = await failure(of: request("https://127.0.0.1:\(server.port)/"))
      #expect(error?.kind == .tls)
      #expect(error?.mayHaveReachedServer == false)
    }
  }
}

/// Lets nobody on before all have come.
final class Barrier: Sendable {
  private let condition = Condition()

  /// `@unchecked Sendable`: `missing` is read and written with the condition locked.
  private final class Condition: @unchecked Sendable {
    let lock = NSCondition()
    var missing = 0
  }

  init(_ count: Int) { condition.missing = count }

  func arriveAndWait() {
    condition.lock.lock()
    condition.missing -= 1
    condition.lock.broadcast()
    while condition.missing > 0 { condition.lock.wait() }
    condition.lock.unlock()
  }
}
