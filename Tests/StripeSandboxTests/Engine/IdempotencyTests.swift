import Basics
import Foundation
import Synchronization
import Testing

@testable import StripeSandbox

@Suite struct IdempotencyTests {
  @Test(.tags(.unit)) func replaysTheFirstAnswer() throws {
    let stripe = try TestSandbox()
    let first = stripe.post("/v1/products", "name=Pro", key: "k")
    let again = stripe.post("/v1/products", "name=Pro", key: "k")
    #expect(again.body.compact == first.body.compact)
    #expect(again.status == 200)
    #expect(again.header("Idempotent-Replayed") == "true")
    #expect(again.header("Original-Request") == first.header("Request-Id"))
    #expect(again.header("Request-Id") != first.header("Request-Id"))
    #expect(first.header("Idempotent-Replayed") == nil)
    #expect(stripe.get("/v1/products").ids.count == 1)
    #expect(try stripe.eventTypes() == ["product.created"])
    #expect(try stripe.events()[0]["request"]?["idempotency_key"] == "k")
  }

  @Test(.tags(.unit)) func refusesAKeyThatWasUsedForSomethingElse() throws {
    let stripe = try TestSandbox()
    _ = stripe.post("/v1/products", "name=Pro", key: "k")
    #expect(
      stripe.post("/v1/products", "name=Free", key: "k").error
        == "400 idempotency_error - -: Keys for idempotent requests can only be used with the "
        + "same parameters they were first used with. Try using a key other than 'k' if you "
        + "meant to execute a different request.")
    #expect(
      stripe.post("/v1/coupons", "name=Pro", key: "k").error
        == "400 idempotency_error - -: Keys for idempotent requests can only be used for the "
        + "same endpoint they were first used for ('/v1/products' vs '/v1/coupons'). Try using "
        + "a key other than 'k' if you meant to execute a different request.")
    #expect(stripe.get("/v1/products").ids.count == 1)
  }

  @Test(.tags(.unit)) func keepsNothingOfWhatNeverBegan() throws {
    let stripe = try TestSandbox()
    #expect(stripe.post("/v1/products", "nam=Pro", key: "k").status == 400)
    #expect(
      stripe.post("/v1/prices", "currency=usd&product=x&unit_amount=1", key: "k").status == 400)
    #expect(stripe.post("/v1/products/x", "name=Pro", key: "k").status == 404)
    #expect(stripe.post("/v1/products", "name=Pro", key: "k").status == 200)
  }

  @Test(.tags(.unit)) func forgetsAfterADay() throws {
    let stripe = try TestSandbox()
    let first = stripe.post("/v1/products", "name=Pro", key: "k")
    stripe.wait(seconds: 24 * 3600 - 1)
    #expect(stripe.post("/v1/products", "name=Pro", key: "k").id == first.id)
    stripe.wait(seconds: 1)
    #expect(stripe.post("/v1/products", "name=Pro", key: "k").id != first.id)
  }

  @Test(.tags(.unit)) func limitsKeys() throws {
    let stripe = try TestSandbox()
    let most = String(repeating: "k", count: 255)
    #expect(stripe.post("/v1/products", "name=Pro", key: most).status == 200)
    #expect(
      stripe.post("/v1/products", "name=Pro", key: most + "k").error
        == "400 idempotency_error - -: Idempotency keys can have up to 255 characters; yours has "
        + "256.")
    #expect(stripe.post("/v1/products", "name=Pro", key: "").header("Idempotency-Key") == nil)
  }

  @Test(.tags(.unit)) func ignoresKeysOfReadsAndDeletes() throws {
    let stripe = try TestSandbox()
    let product = stripe.post("/v1/products", "name=Pro")
    let headers = [(name: "Idempotency-Key", value: "k")]
    #expect(stripe.send("GET", "/v1/products", headers: headers).ids == [product.id])
    #expect(stripe.send("DELETE", "/v1/products/\(product.id)", headers: headers).status == 200)
    #expect(stripe.send("DELETE", "/v1/products/\(product.id)", headers: headers).status == 404)
  }

  /// While the first request makes its ids, a second one with the same key arrives.
  @Test(.tags(.unit)) func refusesAKeyInUse() throws {
    let inner = Mutex<(sandbox: Sandbox?, answers: [String], isAsking: Bool)>((nil, [], false))
    let request = SandboxRequest(
      method: "POST", target: "/v1/products",
      headers: [("Authorization", "Bearer sk_test_x"), ("Idempotency-Key", "k")],
      body: Array("name=Pro".utf8))
    let sandbox = try Sandbox(
      .init(
        path: nil, systemTime: { TestSandbox.start },
        makeToken: { length in
          let asked = inner.withLock { state -> Sandbox? in
            guard length == 24, !state.isAsking else { return nil }
            state.isAsking = true
            return state.sandbox
          }
          if let asked {
            let answer = Answer(asked.respond(to: request)).error
            inner.withLock { $0.answers.append(answer) }
          }
          return Random.token(length: length)
        }))
    inner.withLock { $0.sandbox = sandbox }
    #expect(Answer(sandbox.respond(to: request)).status == 200)
    #expect(
      inner.withLock { $0.answers } == [
        "409 idempotency_error idempotency_key_in_use -: There is currently another in-progress "
          + "request using this Stripe-Idempotency-Key: k. Please try again later."
      ])
    inner.withLock { $0.sandbox = nil }
  }

  @Test(.tags(.unit)) func manyAtOnceMakeOneObject() async throws {
    let stripe = try TestSandbox()
    let statuses = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<20 {
        group.addTask { stripe.post("/v1/products", "name=Pro", key: "k").status }
      }
      return await group.reduce(into: Set<Int>()) { $0.insert($1) }
    }
    #expect(statuses.contains(200))
    #expect(statuses.isSubset(of: [200, 409]))
    #expect(stripe.get("/v1/products").ids.count == 1)
  }

  @Test(.tags(.unit)) func parametersOfTheQueryCount() throws {
    let stripe = try TestSandbox()
    let first = stripe.post("/v1/customers?name=A", key: "k")
    #expect(first["name"] == "A")
    #expect(stripe.post("/v1/customers?name=A", key: "k").id == first.id)
    #expect(stripe.post("/v1/customers?name=B", key: "k").error.hasPrefix("400 idempotency_error"))
  }

  @Test(.tags(.unit)) func theClockIsAdvancedOnce() throws {
    let stripe = try TestSandbox()
    let first = stripe.post("/sandbox/advance", "duration=1d", key: "k")
    #expect(stripe.post("/sandbox/advance", "duration=1d", key: "k").body == first.body)
    #expect(stripe.get("/sandbox/clock")["now"] == .time(TestSandbox.start + 86_400))
  }

  @Test(.tags(.unit)) func aReplayHasTheLayoutOfTheFirstRequest() throws {
    let stripe = try TestSandbox()
    let product = stripe.post("/v1/products", "name=Pro").id
    let price = MoneyWorld.price(stripe, product, 1900, "month")
    let customer = stripe.post("/v1/customers").id
    let send = { (version: String) in
      stripe.send(
        "POST", "/v1/subscriptions",
        "customer=\(customer)&items[0][price]=\(price)&trial_period_days=7",
        headers: [("Idempotency-Key", "k"), ("Stripe-Version", version)], isChecked: false)
    }
    let first = send("2024-11-20.acacia")
    #expect(first["current_period_end"]?.integer != nil)
    let replay = send("2026-10-28.endive")
    #expect(replay.body == first.body)
    #expect(replay.header("Idempotent-Replayed") == "true")
  }
}
