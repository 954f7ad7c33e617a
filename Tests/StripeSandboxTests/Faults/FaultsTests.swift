import Basics
import Foundation
import Testing

@testable import StripeSandbox

@Suite(.tags(.unit)) struct FaultsTests {
  private let stripe: TestSandbox

  init() throws { stripe = try TestSandbox() }

  @discardableResult
  private func add(_ parameters: String) -> Answer { stripe.post("/sandbox/faults", parameters) }

  private func respond(_ body: String = "name=x", key: String? = nil) -> SandboxResponse {
    var headers = [(name: "Authorization", value: "Bearer sk_test_x")]
    if let key { headers.append(("Idempotency-Key", key)) }
    return stripe.sandbox.respond(
      to: SandboxRequest(
        method: "POST", target: "/v1/products", headers: headers, body: Array(body.utf8)))
  }

  private var productCount: Int { stripe.get("/v1/products", "limit=100").ids.count }

  // MARK: Asking for them

  @Test func areAddedListedAndRemoved() {
    let slow = add("kind=slow&path=/v1/x*&count=3&probability=0.25&delay_seconds=2")
    #expect(
      slow.body.compact
        == #"{"id":"fault_00000000000004","object":"sandbox.fault","count":3,"#
        + #""created":1795168800,"delay_seconds":2,"kind":"slow","path":"/v1/x*","#
        + #""probability":0.25,"struck":0}"#)
    let lost = add("kind=drop_event")
    #expect(lost["delay_seconds"] == .null)
    #expect(lost["probability"]?.decimal == 1)
    #expect(stripe.get("/sandbox/faults").ids == [slow.id, lost.id])
    #expect(stripe.delete("/sandbox/faults/\(slow.id)")["deleted"] == true)
    #expect(
      stripe.delete("/sandbox/faults/\(slow.id)").error
        == "404 invalid_request_error resource_missing id: No such fault: '\(slow.id)'")
    #expect(stripe.delete("/sandbox/faults").ids == [lost.id])
    #expect(stripe.get("/sandbox/faults").ids == [])
  }

  @Test(arguments: [
    ("", "parameter_missing kind: Missing required param: kind."),
    (
      "kind=slow&count=0",
      "parameter_invalid_integer count: This value must be greater than or equal to 1."
    ),
    ("kind=slow&probability=1.1", "- probability: A probability lies between 0 and 1."),
    ("kind=html&delay_seconds=1", "- delay_seconds: A fault of the kind html has no delay."),
    (
      "kind=slow&path=",
      "parameter_invalid_empty path: You passed an empty string for 'path'. "
        + "We assume empty values are an attempt to unset a parameter; however 'path' cannot be "
        + "unset. You should remove 'path' from your request or supply a non-empty value."
    ),
  ]) func areRefused(_ parameters: String, _ expected: String) {
    #expect(add(parameters).error == "400 invalid_request_error \(expected)")
  }

  @Test func strikeAsOftenAsAskedWhereAsked() {
    add("kind=api_error&path=/v1/prod*&count=2")
    #expect(stripe.get("/v1/coupons").status == 200)
    #expect(stripe.get("/v1/products").status == 500)
    #expect(stripe.get("/v1/products/x").status == 500)
    #expect(stripe.get("/v1/products").status == 200)
    #expect(stripe.get("/sandbox/faults")["data"]?[0]?["struck"] == 2)
  }

  @Test func neverStrikeTheirOwnKind() {
    add("kind=api_error&path=*&count=5")
    #expect(stripe.get("/sandbox/faults").status == 200)
    #expect(stripe.get("/sandbox/faults")["data"]?[0]?["struck"] == 0)
  }

  @Test func theOldestStrikesFirst() {
    add("kind=api_error")
    add("kind=rate_limit")
    #expect([0, 1, 2].map { _ in respond().status } == [500, 429, 200])
  }

  @Test func strikeAsLikelyAsAsked() {
    add("kind=api_error&count=1000&probability=0.25")
    let struck = (0..<400).count { _ in stripe.get("/v1/products").status == 500 }
    #expect((70...130).contains(struck))
    #expect(stripe.get("/sandbox/faults")["data"]?[0]?["struck"]?.integer == Int64(struck))
    _ = stripe.delete("/sandbox/faults")
    add("kind=api_error&probability=0")
    #expect(stripe.get("/v1/products").status == 200)
  }

  // MARK: Refused before anything is done

  @Test(arguments: [
    (
      "rate_limit",
      "429 invalid_request_error rate_limit -: Testmode request rate limit exceeded, "
        + "the rate limits in testmode are lower than livemode. You can learn more about rate "
        + "limits here https://stripe.com/docs/rate-limits."
    ),
    (
      "lock_timeout",
      "429 invalid_request_error lock_timeout -: This object cannot be accessed "
        + "right now because another API request or Stripe process is currently accessing it. If "
        + "you see this error intermittently, retry the request."
    ),
    (
      "api_error",
      "500 api_error - -: Sorry! There was an error while talking to one of our "
        + "backends. Support has been notified."
    ),
    (
      "idempotency_conflict",
      "409 idempotency_error idempotency_key_in_use -: There is currently "
        + "another in-progress request using this Stripe-Idempotency-Key: k. Please try again "
        + "later."
    ),
  ]) func refuse(_ kind: String, _ expected: String) {
    add("kind=\(kind)")
    let answer = Answer(respond(key: "k"))
    #expect(answer.error == expected)
    #expect(
      answer.header("Stripe-Rate-Limited-Reason") == (kind == "rate_limit" ? "global-rate" : nil))
    #expect((answer.header("Request-Id") == nil) == (kind == "lock_timeout"))
    #expect((answer["error"]?["request_log_url"] == nil) == (kind == "lock_timeout"))
    #expect(productCount == 0)
    // Nothing was kept under the key.
    #expect(respond(key: "k").status == 200)
    #expect(productCount == 1)
  }

  @Test func aConflictNeedsAKey() {
    add("kind=idempotency_conflict")
    #expect(respond().status == 200)
    #expect(respond(key: "k").status == 409)
  }

  @Test func aProxyAnswersInItsOwnWords() {
    add("kind=html")
    let answer = respond(key: "k")
    #expect(answer.status == 502)
    #expect(answer.headers.map { "\($0.name): \($0.value)" } == ["Content-Type: text/html"])
    #expect(String(decoding: answer.body, as: UTF8.self).hasPrefix("<html>\n<head><title>502 Bad"))
    #expect(productCount == 0)
  }

  @Test func isLostOnTheWayThere() {
    add("kind=drop_before")
    #expect(respond(key: "k").delivery == .dropped)
    #expect(productCount == 0)
    #expect(respond(key: "k").headers.contains { $0.name == "Idempotent-Replayed" } == false)
  }

  // MARK: Done, and the answer spoilt

  @Test func anErrorAfterwardsIsKept() throws {
    add("kind=api_error_after")
    let first = Answer(respond(key: "k"))
    #expect(first.error.hasPrefix("500 api_error - -: Sorry!"))
    #expect(productCount == 1)
    let again = Answer(respond(key: "k"))
    #expect(again.body == first.body)
    #expect(again.header("Idempotent-Replayed") == "true")
    #expect(productCount == 1)
    #expect(try stripe.eventTypes() == ["product.created"])
  }

  @Test(arguments: [
    ("drop_after", SandboxResponse.Delivery.dropped), ("timeout", .unanswered(seconds: 120)),
    ("timeout&delay_seconds=3", .unanswered(seconds: 3)), ("slow", .delayed(seconds: 5)),
    ("slow&delay_seconds=1", .delayed(seconds: 1)),
  ]) func theAnswerIsLostOrLate(_ kind: String, _ delivery: SandboxResponse.Delivery) {
    add("kind=\(kind)")
    #expect(respond(key: "k").delivery == delivery)
    #expect(productCount == 1)
    let again = respond(key: "k")
    #expect(again.delivery == .whole)
    #expect(Answer(again).header("Idempotent-Replayed") == "true")
    #expect(productCount == 1)
  }

  @Test func theAnswerIsCut() {
    add("kind=truncated")
    let answer = respond()
    #expect(answer.status == 200)
    #expect(answer.delivery == .truncated(bytes: answer.body.count / 2))
    add("kind=slow")
    let refused = respond("nam=x")
    #expect(refused.status == 400)
    #expect(refused.delivery == .delayed(seconds: 5))
  }
}
