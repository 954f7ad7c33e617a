import Basics
import BillingCore
import BillingServer
import Stripe
import Testing

/// What a listener keeps is handed on to an application, signed anew.
@Suite(.tags(.integration), .timeLimit(.minutes(5)))
struct ListenerForwardingIntegrationTests {
  private static let secret = Secret("whsec_application")

  private func forwarding(to url: String, _ bench: ListenerBench) throws -> EventForwarding {
    EventForwarding(
      to: try ForwardDestination(url), store: bench.store, secret: Self.secret,
      surroundings: .init(
        transport: CurlTransport(), now: { ListenerBench.now }, uptimeMilliseconds: { 0 },
        pause: { _ in }))
  }

  private func listener(_ bench: ListenerBench, _ forwarding: EventForwarding) -> WebhookListener {
    let inbox = bench.inbox
    return WebhookListener(
      store: bench.store, inbox: { inbox }, secrets: bench.secrets, port: 0,
      path: "/webhooks/stripe", limits: bench.limits, now: { ListenerBench.now },
      forwarding: forwarding,
      chores: [
        {
          _ = try? await forwarding.run()
          return 20
        }
      ])
  }

  @Test func whatIsKeptIsHandedOnOnce() async throws {
    try await WebhookReceiver.running { receiver in
      let bench = try ListenerBench()
      let body = ListenerBench.event("evt_1")
      try await listener(bench, forwarding(to: receiver.url, bench)).running { port in
        let client = ServerClient(port: port)
        for _ in 1...2 {
          let answer = try await client.deliver(body)
          #expect(answer.status == 200)
        }
        let delivery = try #require(await receiver.next(1).first)
        #expect(delivery.body == body)
        try WebhookSignature.verify(
          payload: delivery.body, header: delivery.signature, secrets: [Self.secret],
          toleranceSeconds: 300, now: ListenerBench.now)
      }
    } rest: { rest in
      #expect(rest.isEmpty)
    }
  }

  @Test func whatWasLeftIsHandedOnWhenItRunsAgain() async throws {
    let bench = try ListenerBench()
    // An application that is not there.
    let address = "http://127.0.0.1:1/hook"
    try await listener(bench, forwarding(to: address, bench)).running { port in
      let answer = try await ServerClient(port: port).deliver(ListenerBench.event("evt_1"))
      #expect(answer.status == 200)
    }
    let left = try await forwarding(to: address, bench).run()
    #expect(left.delivered == 0 && left.failed == 1)
  }
}
