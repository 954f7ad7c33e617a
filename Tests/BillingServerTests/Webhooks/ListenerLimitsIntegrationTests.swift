import Basics
import BillingServer
import Foundation
import Testing

/// What clients may take of the listener.
@Suite(.tags(.integration), .serialized, .timeLimit(.minutes(10)))
struct ListenerLimitsIntegrationTests {
  private func delivery(_ body: [UInt8], headers: String = "") -> [UInt8] {
    let head = """
      POST /webhooks/stripe HTTP/1.1\r
      Host: a\r
      Stripe-Signature: \(ListenerBench.signature(of: body))\r
      \(headers)Content-Length: \(body.count)\r
      \r

      """
    return Array(head.utf8) + body
  }

  /// The first line of the answer to bytes that were sent, over a connection of its own.
  private func statusLine(_ bytes: [UInt8], port: Int) async throws -> String {
    try await onThread {
      let client = try LoopbackClient(port: port)
      client.send(bytes)
      return try String(client.receiveAnswer().head.prefix { $0 != "\r\n" })
    }
  }

  @Test func aBodyOverTheLimitIsRefusedBeforeItHasCome() async throws {
    try await ListenerBench().running { port in
      let head = "POST /webhooks/stripe HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n"
      let line = try await statusLine(Array(head.utf8), port: port)
      #expect(line.hasPrefix("HTTP/1.1 413 "))
      #expect(
        try await ServerClient(port: port).metric(#"rejected_total{reason="too_large"}"#) == 1)
    }
  }

  @Test func aBodyOfUnknownLengthIsRefusedAtTheLimit() async throws {
    var bench = try ListenerBench()
    bench.limits.bodyBytes = 1000
    try await bench.running { port in
      let head = "POST /webhooks/stripe HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      let chunk = "3e9\r\n" + String(repeating: "a", count: 1001) + "\r\n"
      let line = try await statusLine(Array((head + chunk).utf8), port: port)
      #expect(line.hasPrefix("HTTP/1.1 413 "))
    }
  }

  @Test func aBodyOfTheWholeLimitIsTaken() async throws {
    try await ListenerBench().running { port in
      let empty = ListenerBench.event("evt_1").count
      let body = ListenerBench.event("evt_1") + Array(repeating: 0x20, count: (1 << 20) - empty)
      let line = try await statusLine(delivery(body), port: port)
      #expect(line == "HTTP/1.1 200 OK")
    }
  }

  @Test(arguments: [1, 40])
  func aHeadOverTheLimitIsRefused(_ fields: Int) async throws {
    try await ListenerBench().running { port in
      let field = String(repeating: "a", count: 20_000 / fields)
      let headers = (1...fields).map { "X-\($0): \(field)\r\n" }.joined()
      let line = try await statusLine(
        delivery(ListenerBench.event("evt_1"), headers: headers), port: port)
      #expect(line == "HTTP/1.1 400 Bad Request")
      let good = try await statusLine(delivery(ListenerBench.event("evt_1")), port: port)
      #expect(good == "HTTP/1.1 200 OK")
    }
  }

  /// However often a byte comes: the time counts from the first one, and silence is not waited for.
  @Test(arguments: [
    "P", "POST /webhooks/stripe HTTP/1.1\r\nHost: a\r\nX-",
    "POST /webhooks/stripe HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{\"id\":",
    "POST /webhooks/stripe HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
  ])
  func aRequestThatDripsIsCut(_ start: String) async throws {
    var bench = try ListenerBench()
    bench.limits.idleMilliseconds = 3_600_000
    bench.limits.requestMilliseconds = 300
    try await bench.running { port in
      let rest = try await onThread {
        let client = try LoopbackClient(port: port)
        client.send(start)
        return try client.receiveAll()
      }
      #expect(rest == "")
      let client = ServerClient(port: port)
      #expect(try await client.deliver(ListenerBench.event("evt_1")).status == 200)
    }
  }

  /// The time counts for each request anew.
  @Test func aConnectionMayBeKeptForLongerThanOneRequest() async throws {
    var bench = try ListenerBench()
    bench.limits.requestMilliseconds = 300
    try await bench.running { port in
      let lines = try await onThread {
        let client = try LoopbackClient(port: port)
        let end = ContinuousClock.now + .milliseconds(900)
        var lines: Set<String> = []
        while ContinuousClock.now < end {
          client.send(delivery(ListenerBench.event("evt_1")))
          lines.insert(String(try client.receiveAnswer().head.prefix { $0 != "\r\n" }))
        }
        return lines
      }
      #expect(lines == ["HTTP/1.1 200 OK"])
    }
  }

  @Test func silenceIsCut() async throws {
    var bench = try ListenerBench()
    bench.limits.idleMilliseconds = 200
    bench.limits.requestMilliseconds = 3_600_000
    try await bench.running { port in
      let rest = try await onThread { try LoopbackClient(port: port).receiveAll() }
      #expect(rest == "")
    }
  }

  @Test func slowSocketsDoNotDelayAGoodDelivery() async throws {
    try await ListenerBench().running { port in
      let line = try await onThread {
        var slow: [SlowSocket] = []
        for _ in 1...200 { slow.append(try SlowSocket(port: port)) }
        let client = try LoopbackClient(port: port)
        client.send(delivery(ListenerBench.event("evt_1")))
        let line = try client.receiveAnswer().head.prefix { $0 != "\r\n" }
        return "\(line), beside \(slow.count)"
      }
      #expect(line == "HTTP/1.1 200 OK, beside 200")
    }
  }

  /// Holds a connection open with half a request.
  private final class SlowSocket {
    private let client: LoopbackClient

    init(port: Int) throws {
      client = try LoopbackClient(port: port)
      client.send("POST /webhooks/stripe HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{")
    }
  }

  @Test func aStopFinishesWhatIsUnderWay() async throws {
    let bench = try ListenerBench()
    let body = ListenerBench.event("evt_1")
    try await bench.running { port in
      let client = try LoopbackClient(port: port)
      client.send(delivery(body))
      _ = try client.receiveAnswer()
    }
    #expect(try bench.inboxStates() == ["evt_1 processed"])
  }
}
