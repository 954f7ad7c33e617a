import Testing

@testable import Stripe

@Suite(.tags(.unit)) struct StripeErrorTests {
  typealias Refusal = StripeError.Refusal

  @Test(arguments: [
    (
      402,
      """
      {"error":{"type":"card_error","code":"card_declined","decline_code":"generic_decline",
      "message":"Your card was declined.","param":"source","charge":"ch_1"}}
      """,
      Refusal(
        status: 402, type: "card_error", code: "card_declined", declineCode: "generic_decline",
        message: "Your card was declined.", parameter: "source", requestID: "req_1")
    ),
    (
      400, #"{"error":{"type":"idempotency_error"}}"#,
      Refusal(
        status: 400, type: "idempotency_error",
        message: "the server answered 400 without saying why", requestID: "req_1")
    ),
    (
      400, #"{"error":"invalid_grant","error_description":"x"}"#,
      Refusal(status: 400, type: "api_error", message: "invalid_grant", requestID: "req_1")
    ),
    (
      401, "",
      Refusal(
        status: 401, type: "api_error", message: "the server does not accept the key (401)",
        requestID: "req_1")
    ),
    (
      403, "{\"error\":{\"mess",
      Refusal(
        status: 403, type: "api_error", message: "the key may not do this (403)",
        requestID: "req_1")
    ),
    (
      404, "<html><h1>Not found</h1>",
      Refusal(
        status: 404, type: "api_error", message: "the server knows no such thing (404)",
        requestID: "req_1")
    ),
    (
      429, "[1]",
      Refusal(
        status: 429, type: "api_error", message: "too many requests (429)", requestID: "req_1")
    ),
    (
      503, #"{"error":{"type":"","message":7}}"#,
      Refusal(
        status: 503, type: "api_error", message: "the server failed (503)", requestID: "req_1")
    ),
    (
      418, "\u{0}",
      Refusal(
        status: 418, type: "api_error", message: "the server answered 418 without saying why",
        requestID: "req_1")
    ),
  ])
  func readsEveryBody(_ status: Int, _ body: String, _ refusal: Refusal) {
    #expect(Refusal(status: status, body: Array(body.utf8), "req_1") == refusal)
  }

  @Test func cutsLongMessages() {
    let body = #"{"error":{"message":"\#(String(repeating: "x", count: 5000))"}}"#
    #expect(Refusal(status: 400, body: Array(body.utf8), nil).message.count == 2000)
  }
}
