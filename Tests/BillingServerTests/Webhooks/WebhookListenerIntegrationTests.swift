import Basics
import BillingCore
import BillingServer
import Foundation
import Stripe
import Testing

@Suite(.tags(.integration), .serialized, .timeLimit(.minutes(10)))
struct WebhookListenerIntegrationTests {
  private func received(_ result: String) -> Delivered {
    Delivered(status: 200, json: ["received": true, "result": .string(result)])
  }

  private func refused(_ status: Int, _ code: String, _ message: String) -> Delivered {
    Delivered(
      status: status, json: ["error": ["code": .string(code), "message": .string(message)]])
  }

  @Test func whatIsSignedIsKeptAndApplied() async throws {
    let bench = try ListenerBench()
    try await bench.running { port in
      let answer = try await ServerClient(port: port).deliver(ListenerBench.event("evt_1"))
      #expect(answer == received("kept"))
      #expect(try bench.store.read { try $0.event("evt_1") }?.verdict == .verified)
    }
    #expect(try bench.inboxStates() == ["evt_1 processed"])
    #expect(try bench.store.read { try $0.customers(email: "ada@example.com") }.count == 1)
    let exchange = try #require(bench.exchanges.all.first)
    #expect(exchange.eventID == "evt_1" && exchange.eventType == "customer.created")
    #expect(exchange.status == 200 && exchange.result == "kept")
  }

  @Test func whatComesAgainIsADuplicate() async throws {
    let bench = try ListenerBench()
    try await bench.running { port in
      let client = ServerClient(port: port)
      let first = try await client.deliver(ListenerBench.event("evt_1"))
      #expect(first == received("kept"))
      #expect(try await client.deliver(ListenerBench.event("evt_1")) == received("duplicate"))
      #expect(try await client.metric("duplicates_total") == 1)
    }
    #expect(try bench.inboxStates() == ["evt_1 processed"])
  }

  @Test func anIDThatSaysSomethingElseIsKeptAside() async throws {
    let bench = try ListenerBench()
    try await bench.running { port in
      let client = ServerClient(port: port)
      _ = try await client.deliver(ListenerBench.event("evt_1"))
      #expect(
        try await client.deliver(ListenerBench.event("evt_1", "customer.deleted"))
          == received("conflict"))
      #expect(try await client.metric("conflicts_total") == 1)
    }
    #expect(try bench.store.read { try $0.customers(email: "ada@example.com") }.count == 1)
  }

  @Test func anEventOfTheOtherModeIsNotKept() async throws {
    let bench = try ListenerBench()
    try bench.store.requireMode(.test)
    try await bench.running { port in
      let client = ServerClient(port: port)
      let answer = try await client.deliver(ListenerBench.event("evt_1", isLive: true))
      #expect(answer == received("other_mode"))
      #expect(try await client.metric("other_mode_total") == 1)
    }
    #expect(try bench.inboxStates() == [])
  }

  // MARK: What is not believed

  @Test(
    arguments: [
      (nil, "no_signature", "there is no Stripe-Signature header"),
      ("hello", "malformed_signature", "the signature header has no time (t=) that can be read"),
      ("t=1", "no_signature", "the signature header has no signature of the scheme v1"),
      (
        ListenerBench.signature(of: [1]), "wrong_signature",
        "no signature matches: another secret, or a body that was changed"
      ),
      (
        ListenerBench.signature(of: ListenerBench.event("evt_1"), at: ListenerBench.now + -301),
        "too_old", "the signature is too old"
      ),
      (
        ListenerBench.signature(of: ListenerBench.event("evt_1"), at: ListenerBench.now + 301),
        "too_new", "the signature lies in the future"
      ),
    ] as [(String?, String, String)])
  func aBadSignature(_ signature: String?, _ code: String, _ message: String) async throws {
    let bench = try ListenerBench()
    try await bench.running { port in
      let client = ServerClient(port: port)
      let answer = try await client.deliver(ListenerBench.event("evt_1"), signature: signature)
      #expect(answer == refused(400, code, message))
      #expect(try await client.metric(#"rejected_total{reason="\#(code)"}"#) == 1)
      #expect(try await client.metric("verified_total") == 0)
    }
    #expect(try bench.inboxStates() == [])
    #expect(bench.exchanges.all.first?.result == code)
  }

  @Test(arguments: ["", "no json", "[]", #"{"id":"evt_1","object":"event"}"#])
  func aSignedBodyThatIsNoEvent(_ text: String) async throws {
    let bench = try ListenerBench()
    try await bench.running { port in
      let answer = try await ServerClient(port: port).deliver(Array(text.utf8))
      #expect(answer == refused(400, "not_an_event", "the body is no event of Stripe's"))
    }
    #expect(try bench.inboxStates() == [])
  }

  @Test func eachOfTheSecretsVouches() async throws {
    var bench = try ListenerBench()
    let old = Secret("whsec_old")
    bench.secrets = [ListenerBench.secret, old]
    try await bench.running { port in
      let client = ServerClient(port: port)
      let body = ListenerBench.event("evt_2")
      let first = try await client.deliver(ListenerBench.event("evt_1"))
      #expect(first == received("kept"))
      let second = ListenerBench.signature(of: body, secret: old, at: ListenerBench.now + -300)
      #expect(try await client.deliver(body, signature: second) == received("kept"))
    }
  }

  // MARK: Everything else that can be asked

  @Test(
    arguments: [
      ("GET", "/webhooks/stripe", 405, "only POST is understood here"),
      ("PUT", "/webhooks/stripe", 405, "only POST is understood here"),
      ("POST", "/healthz", 405, "only GET is understood here"),
      ("POST", "/metrics", 405, "only GET is understood here"),
      ("POST", "/webhooks", 404, "webhooks are received at /webhooks/stripe"),
      ("GET", "/", 404, "webhooks are received at /webhooks/stripe"),
    ])
  func otherMethodsAndPaths(
    _ method: String, _ path: String, _ status: Int, _ message: String
  ) async throws {
    try await ListenerBench().running { port in
      let answer = try await onThread {
        let client = try LoopbackClient(port: port)
        client.send("\(method) \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
        return try client.receiveAnswer()
      }
      #expect(answer.head.hasPrefix("HTTP/1.1 \(status) "))
      #expect(try JSON(parsing: answer.body)[at: "error", "message"]?.string == message)
      let allowed = method == "POST" ? "GET" : "POST"
      #expect(
        answer.head.lowercased().contains("allow: \(allowed.lowercased())") == (status == 405))
    }
  }

  @Test func healthAndMetrics() async throws {
    try await ListenerBench().running { port in
      let client = ServerClient(port: port)
      let health = try await client.get("/healthz")
      #expect(health.status == 200)
      #expect(try JSON(parsing: health.body) == ["status": "ok", "queue_depth": 0])
      _ = try await client.deliver(ListenerBench.event("evt_1"))
      let metrics = try await client.get("/metrics")
      #expect(metrics.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
      #expect(try await client.metric("received_total") == 1)
      #expect(try await client.metric("verified_total") == 1)
      #expect(try await client.metric("answer_seconds_count") == 1)
    }
  }

  @Test func whatFailsIsToldAndTriedAgainWhenItComesAgain() async throws {
    let bench = try ListenerBench()
    let body = ListenerBench.event(
      "evt_1", "customer.updated", object: ["id": "cus_1", "object": "customer", "created": "x"])
    for _ in 1...2 {
      try await bench.running { port in
        _ = try await ServerClient(port: port).deliver(body)
      }
    }
    #expect(try bench.inboxStates() == ["evt_1 failed"])
    #expect(try bench.store.read { try $0.event("evt_1") }?.attempts == 2)
    #expect(bench.failures.all.count == 2)
    #expect(bench.failures.all.first?.hasPrefix("evt_1: customer cus_1: created ") == true)
  }

  @Test func itGoesOnWithWhatWasLeft() async throws {
    let bench = try ListenerBench()
    let waiting = try IncomingEvent(ListenerBench.event("evt_1"), verdict: .verified)
    _ = try bench.inbox.receive([waiting])
    try await bench.running { _ in }
    #expect(try bench.inboxStates() == ["evt_1 processed"])
  }

  /// Answers do not wait for what has to be applied before.
  @Test func aLongQueueDelaysNobody() async throws {
    try await withTemporaryPath { path in
      var bench = try ListenerBench(path: path)
      bench.limits.drainMilliseconds = 300_000
      let waiting = try (1...3000).map {
        try IncomingEvent(ListenerBench.event("evt_\($0)"), verdict: .verified)
      }
      _ = try bench.inbox.receive(waiting)
      try await bench.running { port in
        let client = ServerClient(port: port)
        let answer = try await client.deliver(ListenerBench.event("evt_new"))
        #expect(answer == received("kept"))
        #expect(try await client.metric("queue_depth") ?? 0 > 0)
      }
      #expect(try bench.store.read { try $0.eventCounts() } == ["processed": 3001])
    }
  }

  @Test func manyAtOnceAreAllKept() async throws {
    try await withTemporaryPath { path in
      let bench = try ListenerBench(path: path)
      try await bench.running { port in
        let client = ServerClient(port: port)
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
          for number in 1...60 {
            group.addTask {
              try await client.deliver(ListenerBench.event("evt_\(number)")).status
            }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses == Array(repeating: 200, count: 60))
      }
      #expect(try bench.store.read { try $0.eventCounts() } == ["processed": 60])
    }
  }

  // MARK: The database

  @Test func withoutItsDatabaseItTakesNothing() async throws {
    try await withTemporaryPath { path in
      let bench = try ListenerBench(path: path)
      try await bench.running { port in
        let client = ServerClient(port: port)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
        let answer = try await client.deliver(ListenerBench.event("evt_1"))
        #expect(
          answer == refused(503, "not_kept", "the event could not be kept; send it again later"))
        #expect(try await client.get("/healthz").status == 503)
        try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
        #expect(try await client.get("/healthz").status == 200)
        #expect(try await client.deliver(ListenerBench.event("evt_2")).status == 200)
      }
      #expect(bench.troubles.all == ["\(StoreError.replaced(path: path))"])
    }
  }
}
