import Basics
import Testing

@testable import StripeSandbox

@Suite(.tags(.unit)) struct DeliveriesTests {
  private let stripe: TestSandbox

  init() throws { stripe = try TestSandbox() }

  @discardableResult
  private func endpoint(_ types: String..., version: String = "", path: String = "hook") -> Answer {
    let events = types.map { "&enabled_events[]=\($0)" }.joined()
    return stripe.post(
      "/v1/webhook_endpoints", "url=https://example.com/\(path)\(events)\(version)")
  }

  private func product(_ name: String) { _ = stripe.post("/v1/products", "id=\(name)&name=x") }

  private func due() throws -> [SandboxDelivery] { try stripe.sandbox.deliveriesDue(limit: 100) }

  /// What is due, each as the end of its address and the object that it is about.
  private func words(_ deliveries: [SandboxDelivery]) -> [String] {
    deliveries.map { delivery in
      let event = try? JSON(parsing: delivery.body)
      let path = delivery.url.split(separator: "/").last ?? ""
      return "\(path) \(event?[at: "data", "object", "id"]?.string ?? "")"
    }
  }

  private func pending() throws -> Int64? {
    stripe.get("/v1/events")["data"]?[0]?["pending_webhooks"]?.integer
  }

  @Test func areMadeForEachEndpointThatWantsTheEvent() throws {
    product("early")
    endpoint("*", path: "all")
    endpoint("coupon.created", path: "coupons")
    endpoint("invoice.paid", "product.created", path: "products")
    let disabled = endpoint("*", path: "disabled")
    _ = stripe.post("/v1/webhook_endpoints/\(disabled.id)", "disabled=true")
    product("a")
    #expect(words(try due()) == ["all a", "products a"])
    #expect(words(try due()) == [])
  }

  @Test func bearTheBytesAndTheSignatureOfNow() throws {
    let made = endpoint("*")
    product("a")
    stripe.wait(seconds: 5)
    let delivery = try #require(try due().first)
    #expect(delivery.url == "https://example.com/hook")
    let event = try JSON(parsing: delivery.body)
    #expect(delivery.event == event["id"]?.string)
    #expect(event["pending_webhooks"] == 1)
    #expect(event == stripe.get("/v1/events/\(delivery.event)").body)
    let digest = Hash.hmacSHA256(
      key: Array((made["secret"]?.string ?? "").utf8), Array("1795168805.".utf8), delivery.body)
    #expect(
      delivery.headers.map { "\($0.name): \($0.value)" } == [
        "Content-Type: application/json; charset=utf-8",
        "User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Accept: */*; q=0.5, application/xml", "Cache-Control: no-cache",
        "Stripe-Signature: t=1795168805,v1=\(Hex.encode(digest))",
      ])
  }

  @Test func haveTheLayoutOfTheEndpointsVersion() throws {
    endpoint("*", version: "&api_version=2024-11-20.acacia")
    endpoint("*")
    product("a")
    let bodies = try due().map { try JSON(parsing: $0.body) }
    #expect(
      bodies.map { $0["api_version"] } == ["2024-11-20.acacia", "2026-10-28.endive"])
    #expect(bodies[0]["id"] == bodies[1]["id"])
    #expect(bodies.map { $0["pending_webhooks"] } == [2, 2])
  }

  @Test func haveWhatChangedInThatLayout() throws {
    let world = try MoneyWorld()
    _ = world.stripe.post(
      "/v1/webhook_endpoints",
      "url=https://example.com&api_version=2024-11-20.acacia"
        + "&enabled_events[]=customer.subscription.updated")
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: 40 * 86_400)
    _ = world.stripe.get("/v1/products")
    let events = try world.stripe.sandbox.deliveriesDue(limit: 100).map {
      try JSON(parsing: $0.body)
    }
    let event = try #require(
      events.first {
        $0[at: "data", "previous_attributes", "current_period_start"] != nil
      })
    #expect(event[at: "data", "object", "current_period_start"] == 1_797_760_800)
    #expect(event[at: "data", "previous_attributes", "current_period_start"] == 1_795_168_800)
    #expect(subscription["current_period_start"] == nil)
  }

  @Test(arguments: [200, 204, 299]) func endWithTwoHundreds(status: Int) throws {
    endpoint("*")
    product("a")
    #expect(try pending() == 1)
    #expect(stripe.get("/v1/events", "delivery_success=true").ids == [])
    try stripe.sandbox.note(due()[0], status: status)
    #expect(try pending() == 0)
    #expect(stripe.get("/v1/events", "delivery_success=true").ids.count == 1)
    #expect(stripe.get("/v1/events", "delivery_success=false").ids == [])
    stripe.wait(seconds: 100_000)
    #expect(words(try due()) == [])
  }

  @Test(arguments: [nil, 199, 302, 404, 500])
  func areTriedThreeTimes(status: Int?) throws {
    endpoint("*")
    product("a")
    for pause: Int64 in [0, 1_800, 10_800] {
      stripe.wait(seconds: max(pause - 1, 0))
      if pause > 0 { #expect(words(try due()) == []) }
      stripe.wait(seconds: pause > 0 ? 1 : 0)
      let tried = try due()
      #expect(words(tried) == ["hook a"])
      try stripe.sandbox.note(tried[0], status: status)
    }
    stripe.wait(seconds: 1_000_000)
    #expect(words(try due()) == [])
    #expect(try pending() == 1)
    #expect(stripe.get("/v1/events", "delivery_success=false").ids.count == 1)
  }

  @Test func areTakenOverFromWhoDied() throws {
    endpoint("*")
    product("a")
    _ = try due()
    stripe.wait(seconds: 59)
    #expect(words(try due()) == [])
    stripe.wait(seconds: 1)
    #expect(words(try due()) == ["hook a"])
  }

  @Test func endWithTheEndpoint() throws {
    let first = endpoint("*", path: "first")
    let second = endpoint("*", path: "second")
    product("a")
    product("b")
    let sent = try due()
    for delivery in sent { try stripe.sandbox.note(delivery, status: 500) }
    _ = stripe.delete("/v1/webhook_endpoints/\(first.id)")
    try stripe.sandbox.note(sent[0], status: 200)
    _ = stripe.post("/v1/webhook_endpoints/\(second.id)", "disabled=true")
    stripe.wait(seconds: 1_800)
    #expect(words(try due()) == [])
    _ = stripe.post("/v1/webhook_endpoints/\(second.id)", "disabled=false")
    stripe.wait(seconds: 100_000)
    #expect(words(try due()) == [])
    #expect(try pending() == 1)
  }

  @Test func anotherProcessSendsThem() throws {
    endpoint("*")
    product("a")
    #expect(words(try stripe.sandbox.deliveriesDue(limit: 0)) == [])
    product("b")
    #expect(words(try stripe.sandbox.deliveriesDue(limit: 1)) == ["hook a"])
    #expect(words(try stripe.sandbox.deliveriesDue(limit: 1)) == ["hook b"])
  }

  // MARK: Sent again by hand

  @Test func areSentAgain() throws {
    let made = endpoint("*")
    product("a")
    let first = try due()[0]
    try stripe.sandbox.note(first, status: 200)
    let retried = stripe.post(
      "/v1/events/\(first.event)/retry", "webhook_endpoint=\(made.id)")
    #expect(retried["pending_webhooks"] == 0)
    #expect(retried["id"]?.string == first.event)
    let again = try due()
    #expect(again.map { $0.body } == [first.body])
    // Not tried again by itself.
    try stripe.sandbox.note(again[0], status: 500)
    stripe.wait(seconds: 100_000)
    #expect(words(try due()) == [])
    #expect(try pending() == 0)
  }

  @Test func aRetryByHandDoesNotStopTheOthers() throws {
    endpoint("product.created", path: "one")
    endpoint("coupon.created", path: "two")
    product("a")
    let first = try due()[0]
    try stripe.sandbox.note(first, status: 500)
    _ = stripe.post("/v1/events/\(first.event)/retry")
    let again = try due()
    #expect(words(again) == ["one a"])
    try stripe.sandbox.note(again[0], status: 200)
    #expect(try pending() == 0)
    stripe.wait(seconds: 1_800)
    #expect(words(try due()) == ["one a"])
  }

  @Test func anEndpointThatNeverWasSentAnEventCanBe() throws {
    product("a")
    let late = endpoint("coupon.created", version: "&api_version=2024-11-20.acacia")
    let event = stripe.get("/v1/events").ids[0]
    let retried = stripe.post("/v1/events/\(event)/retry", "webhook_endpoint=\(late.id)")
    #expect(retried["pending_webhooks"] == 1)
    let sent = try due()
    #expect(try JSON(parsing: sent[0].body)["api_version"] == "2026-10-28.endive")
  }

  @Test func retriesAreRefused() throws {
    let made = endpoint("*")
    product("a")
    let event = stripe.get("/v1/events").ids[0]
    #expect(
      stripe.post("/v1/events/evt_x/retry").error
        == "404 invalid_request_error resource_missing id: No such event: 'evt_x'")
    #expect(
      stripe.post("/v1/events/\(event)/retry", "webhook_endpoint=we_x").error
        == "400 invalid_request_error resource_missing webhook_endpoint: No such webhook "
        + "endpoint: 'we_x'")
    _ = stripe.post("/v1/webhook_endpoints/\(made.id)", "disabled=true")
    #expect(
      stripe.post("/v1/events/\(event)/retry", "webhook_endpoint=\(made.id)").error
        == "400 invalid_request_error - webhook_endpoint: The webhook endpoint \(made.id) is "
        + "disabled.")
  }

  // MARK: Without an endpoint

  @Test func aListenerIsSentEverythingFromThenOn() throws {
    product("a")
    try stripe.sandbox.listen(url: "http://127.0.0.1:1/serve", secret: Secret("whsec_x"))
    product("b")
    let sent = try due()
    #expect(words(sent) == ["serve b"])
    #expect(
      sent[0].headers.last?.value
        == SandboxDelivery.signature(
          of: sent[0].body, secret: Secret("whsec_x"), at: TestSandbox.start))
    try stripe.sandbox.note(sent[0], status: 500)
    #expect(try pending() == 0)
    #expect(stripe.get("/v1/webhook_endpoints").ids == [])
    stripe.wait(seconds: 1_800)
    #expect(words(try due()) == ["serve b"])
    _ = stripe.post("/v1/events/\(sent[0].event)/retry", "for_stripecli=true")
    #expect(words(try due()) == ["serve b"])
    product("c")
    try stripe.sandbox.endListening()
    #expect(words(try due()) == [])
    try stripe.sandbox.listen(url: "http://127.0.0.1:1/again", secret: Secret("whsec_x"), after: 0)
    #expect(words(try due()) == ["again a", "again b", "again c"])
  }

  @Test func listenersListenAtAddresses() {
    #expect(Sandbox.isWebhookURL("HTTPS://localhost"))
    #expect(!Sandbox.isWebhookURL("localhost:4242/hook"))
  }

  // MARK: How long

  @Test func eventsAreShownForThirtyDays() throws {
    product("a")
    let id = stripe.get("/v1/events").ids[0]
    stripe.wait(seconds: 30 * 86_400)
    #expect(stripe.get("/v1/events").ids == [id])
    #expect(stripe.get("/v1/events/\(id)").status == 200)
    stripe.wait(seconds: 1)
    #expect(stripe.get("/v1/events").ids == [])
    #expect(stripe.get("/v1/events/\(id)").status == 404)
    #expect(stripe.post("/v1/events/\(id)/retry").status == 404)
    #expect(try stripe.eventTypes() == ["product.created"])
  }
}
