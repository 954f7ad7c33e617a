import Basics
import BillingServer
import Stripe
import StripeSandbox
import Synchronization
import Testing

@Suite(.tags(.integration), .serialized, .timeLimit(.minutes(10)))
struct WebhooksIntegrationTests {
  /// A clock that a test moves.
  private final class Clock: Sendable {
    private let time = Mutex(Timestamp(1_795_168_800))
    var now: Timestamp { time.withLock { $0 } }
    func advance(seconds: Int64) { time.withLock { $0 = $0 + seconds } }
  }

  private func text(_ received: WebhookReceiver.Received?) throws -> String {
    let event = try JSON(parsing: received?.body ?? [])
    return "\(event["type"]?.string ?? "") \(event[at: "data", "object", "id"]?.string ?? "")"
  }

  private func endpoint(_ client: ServerClient, _ url: String) async throws -> Secret {
    let answer = try await client.post(
      "/v1/webhook_endpoints", "url=\(url)&enabled_events[]=product.created")
    return Secret(try JSON(parsing: answer.body)["secret"]?.string ?? "")
  }

  /// The number of endpoints that have not got the newest event.
  private func pending(_ client: ServerClient) async throws -> Int64? {
    let list = try JSON(parsing: try await client.get("/v1/events?limit=1").body)
    return list["data"]?[0]?["pending_webhooks"]?.integer
  }

  @Test func anEndpointIsSentWhatItsSecretSigns() async throws {
    let server = SandboxServer(sandbox: try Sandbox(.init(path: nil)), port: 0)
    try await WebhookReceiver.running { receiver in
      try await server.running { port in
        let client = ServerClient(port: port)
        let secret = try await endpoint(client, receiver.url)
        try await client.post("/v1/products", "id=a&name=x")
        let received = await receiver.next(1)
        #expect(try text(received.first) == "product.created a")
        try WebhookSignature.verify(
          payload: received[0].body, header: received[0].signature, secrets: [secret],
          toleranceSeconds: 300, now: .systemNow())
      }
    }
  }

  @Test func whatIsNotTakenIsSentAgain() async throws {
    let clock = Clock()
    let sandbox = try Sandbox(.init(path: nil, systemTime: { clock.now }))
    let server = SandboxServer(sandbox: sandbox, port: 0)
    try await WebhookReceiver.running(statuses: [500, 302]) { receiver in
      try await server.running { port in
        let client = ServerClient(port: port)
        _ = try await endpoint(client, receiver.url)
        try await client.post("/v1/products", "id=a&name=x")
        var bodies = await receiver.next(1).map { $0.body }
        // What is answered is noted a little later: the clock goes on until the next one comes.
        for _ in 0..<2 {
          let ticking = Task {
            while !Task.isCancelled {
              clock.advance(seconds: 600)
              _ = try await client.get("/v1/events?limit=1")
            }
          }
          bodies += await receiver.next(1).map { $0.body }
          ticking.cancel()
          _ = await ticking.result
        }
        #expect(bodies.count == 3)
        #expect(Set(bodies).count == 1)
      }
      #expect(try sandbox.deliveriesDue(limit: 1).isEmpty)
    } rest: { rest in
      #expect(rest.map { $0.path } == [])
    }
  }

  @Test func whatFallsDueHappensWithoutARequest() async throws {
    let clock = Clock()
    let sandbox = try Sandbox(.init(path: nil, systemTime: { clock.now }))
    let server = SandboxServer(sandbox: sandbox, port: 0)
    try await WebhookReceiver.running { receiver in
      try await server.running { port in
        let client = ServerClient(port: port)
        try await client.post("/v1/products", "id=pro&name=x")
        let price = try await client.post(
          "/v1/prices", "currency=usd&product=pro&unit_amount=100&recurring[interval]=month")
        let customer = try await client.post("/v1/customers", "name=Ada")
        try await client.post(
          "/v1/webhook_endpoints",
          "url=\(receiver.url)&enabled_events[]=customer.subscription.trial_will_end")
        let subscription = try await client.post(
          "/v1/subscriptions",
          "customer=\(try id(customer))&trial_period_days=10&items[0][price]=\(try id(price))")
        clock.advance(seconds: 8 * 86_400)
        #expect(
          try text(await receiver.next(1).first)
            == "customer.subscription.trial_will_end \(try id(subscription))")
      }
    }
  }

  private func id(_ response: HTTPResponse) throws -> String {
    try JSON(parsing: response.body)["id"]?.string ?? ""
  }

  @Test func anotherProcessIsNoticed() async throws {
    try await withTemporaryPath { path in
      let server = SandboxServer(sandbox: try Sandbox(.init(path: path)), port: 0)
      try await WebhookReceiver.running { receiver in
        try await server.running { port in
          _ = try await endpoint(ServerClient(port: port), receiver.url)
          let other = try Sandbox(.init(path: path))
          _ = other.respond(
            to: SandboxRequest(
              method: "POST", target: "/v1/products",
              headers: [("Authorization", "Bearer sk_test_x")], body: Array("id=b&name=x".utf8)))
          #expect(try text(await receiver.next(1).first) == "product.created b")
        }
      }
    }
  }

  @Test func anAddressWithoutSetUpIsSentEverything() async throws {
    try await WebhookReceiver.running { receiver in
      let secret = Secret("whsec_mine")
      let webhook = try #require(SandboxServer.Webhook(url: receiver.url, secret: secret))
      let server = SandboxServer(
        sandbox: try Sandbox(.init(path: nil)), port: 0, webhook: webhook)
      try await server.running { port in
        let client = ServerClient(port: port)
        try await client.post("/v1/coupons", "id=c&percent_off=5")
        try await client.post("/v1/products", "id=a&name=x")
        let received = await receiver.next(2)
        #expect(
          Set(try received.map { try text($0) }) == ["coupon.created c", "product.created a"])
        try WebhookSignature.verify(
          payload: received[0].body, header: received[0].signature, secrets: [secret],
          toleranceSeconds: 300, now: .systemNow())
        let list = try JSON(parsing: try await client.get("/v1/webhook_endpoints").body)
        #expect(list["data"] == [])
      }
    }
    #expect(SandboxServer.Webhook(url: "localhost:4242", secret: Secret("whsec_x")) == nil)
  }

  @Test func aStopSendsWhatIsDue() async throws {
    try await WebhookReceiver.running { receiver in
      let webhook = try #require(
        SandboxServer.Webhook(url: receiver.url, secret: Secret("whsec_mine")))
      let server = SandboxServer(
        sandbox: try Sandbox(.init(path: nil)), port: 0, webhook: webhook)
      try await server.running { port in
        let client = ServerClient(port: port)
        for number in 0..<20 { try await client.post("/v1/products", "id=p\(number)&name=x") }
      }
    } rest: { rest in
      #expect(rest.count == 20)
    }
  }

  @Test func aReceiverThatDoesNotAnswerHoldsTheStopUpNoLongerThanAllowed() async throws {
    // Connects to itself, as it were: a port that takes connections and says nothing.
    let silent = try SilentPort()
    var limits = SandboxServer.Limits()
    limits.drainMilliseconds = 500
    let webhook = try #require(
      SandboxServer.Webhook(
        url: "http://127.0.0.1:\(silent.port)/", secret: Secret("whsec_mine")))
    let server = SandboxServer(
      sandbox: try Sandbox(.init(path: nil)), port: 0, limits: limits, webhook: webhook)
    let clock = ContinuousClock()
    let duration = try await clock.measure {
      try await server.running { port in
        try await ServerClient(port: port).post("/v1/products", "id=a&name=x")
      }
    }
    #expect(duration < .seconds(9))
  }
}
