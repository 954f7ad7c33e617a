import Basics
import StripeSandbox
import Testing

/// What is refused before anything is done, and what every answer carries.
@Suite struct RequestTests {
  private func status(_ headers: [(name: String, value: String)]) throws -> String {
    let stripe = try TestSandbox()
    let response = stripe.sandbox.respond(
      to: SandboxRequest(method: "GET", target: "/v1/account", headers: headers))
    let answer = Answer(response)
    return String(answer.error.prefix(80))
  }

  @Test(
    .tags(.unit),
    arguments: [
      (nil, "401 invalid_request_error - -: You did not provide an API key. You need to provi"),
      (
        "Bearer", "401 invalid_request_error - -: You did not provide an API key. You need to provi"
      ),
      (
        "Digest x",
        "401 invalid_request_error - -: You did not provide an API key. You need to provi"
      ),
      ("Bearer sk_test_x", "200"),
      ("bearer rk_test_x", "200"),
      ("Basic c2tfdGVzdF94Og==", "200"),
      (
        "Basic !",
        "401 invalid_request_error - -: You did not provide an API key. You need to provi"
      ),
      (
        "Bearer sk_live_1234567890",
        "401 invalid_request_error - -: This is a sandbox, and a live mode key was used. "
      ),
      (
        "Bearer rk_live_1234567890",
        "401 invalid_request_error - -: This is a sandbox, and a live mode key was used. "
      ),
      (
        "Bearer pk_test_1",
        "401 invalid_request_error secret_key_required -: This API call cannot be made wi"
      ),
      ("Bearer abc", "401 invalid_request_error - -: Invalid API Key provided: ****"),
      (
        "Bearer abcdefghijklmnop",
        "401 invalid_request_error - -: Invalid API Key provided: abcd****mnop"
      ),
    ] as [(String?, String)])
  func authenticates(_ header: String?, _ expected: String) throws {
    let headers = header.map { [(name: "authorization", value: $0)] } ?? []
    #expect(try status(headers) == String(expected.prefix(80)))
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("2026-10-28.endive", true), ("2024-11-20.acacia", true), ("2020-08-27", true),
      ("2026-03-25.dahlia", true), ("2026-09-30.preview", true), ("2027-01-01.endive", false),
      ("2025-01-01", false), ("2025-03-31.basilicum", false), ("latest", false),
      ("1999-01-01", false),
    ])
  func knowsVersions(_ version: String, _ isKnown: Bool) throws {
    let stripe = try TestSandbox()
    let answer = stripe.send("GET", "/v1/account", headers: [("stripe-version", version)])
    #expect(
      answer.error
        == (isKnown
          ? "200"
          : "400 invalid_request_error - -: Invalid Stripe API version: \(version). You can learn "
            + "more about versions at https://stripe.com/docs/api/versioning."))
    if isKnown { #expect(answer.header("Stripe-Version") == version) }
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("GET", "/v1/foo"), ("GET", "/"), ("GET", ""), ("GET", "v1/products"),
      ("DELETE", "/v1/prices/price_1"), ("PUT", "/v1/products"), ("GET", "/v1/products/"),
      ("GET", "/v1/products/%zz"), ("GET", "/v2/products"), ("GET", "/v1/products/a/b/c/d"),
    ])
  func refusesUnknownURLs(_ method: String, _ target: String) throws {
    let answer = try TestSandbox().send(method, target)
    #expect(
      answer.error
        == "404 invalid_request_error - -: Unrecognized request URL (\(method): \(target)). Please "
        + "see https://stripe.com/docs or we can help at https://support.stripe.com/.")
  }

  @Test(.tags(.unit)) func saysWhatItDoesNotHave() throws {
    let answer = try TestSandbox().post("/v1/tax_rates")
    #expect(
      answer.error == "404 invalid_request_error - -: "
        + "The sandbox does not offer this operation of Stripe: POST /v1/tax_rates.")
  }

  @Test(.tags(.unit)) func takesFormsOnly() throws {
    let stripe = try TestSandbox()
    let json = stripe.send(
      "POST", "/v1/products", "{}", headers: [("Content-Type", "application/json")])
    #expect(
      json.error == "400 invalid_request_error - -: Invalid request: the Content-Type of the "
        + "request must be application/x-www-form-urlencoded, but it is application/json.")
    let large = stripe.post("/v1/products", String(repeating: "a", count: 1 << 20 + 1))
    #expect(large.status == 413)
    let form = stripe.send(
      "POST", "/v1/products?name=Pro", "active=false",
      headers: [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")])
    #expect(form["active"] == false)
    #expect(form["name"] == "Pro")
  }

  @Test(.tags(.unit)) func answersWithHeaders() throws {
    let stripe = try TestSandbox()
    let read = stripe.get("/v1/products")
    #expect(
      read.headers.map { "\($0.name): \($0.value)" } == [
        "Date: Fri, 20 Nov 2026 10:00:00 GMT", "Content-Type: application/json",
        "Request-Id: \(read.header("Request-Id") ?? "")", "Stripe-Version: 2026-10-28.endive",
      ])
    #expect(read.header("Request-Id")?.hasPrefix("req_") == true)
    let write = stripe.post("/v1/products", "name=Pro", key: "k1")
    #expect(write.header("Idempotency-Key") == "k1")
    #expect(write.header("Original-Request") == write.header("Request-Id"))
    #expect(write.header("Stripe-Should-Retry") == "false")
  }

  @Test(.tags(.unit)) func writesErrorsAsStripeDoes() throws {
    let answer = try TestSandbox().get("/v1/products/prod_x")
    let request = answer.header("Request-Id") ?? ""
    #expect(
      answer.body.compact
        == (try JSON(
          parsing: """
            {"error":{"code":"resource_missing",
            "doc_url":"https://stripe.com/docs/error-codes/resource-missing",
            "message":"No such product: 'prod_x'","param":"id",
            "request_log_url":"https://dashboard.stripe.com/test/logs/\(request)",
            "type":"invalid_request_error"}}
            """)).compact)
  }

  @Test(.tags(.unit)) func answersForItself() throws {
    let stripe = try TestSandbox()
    let account = stripe.get("/v1/account")
    #expect(account.id == (try stripe.sandbox.accountID()))
    #expect(account.id.hasPrefix("acct_"))
    #expect(account["created"] == .integer(TestSandbox.start.seconds))
    #expect(stripe.get("/v1/balance").error == "200")
    #expect(try stripe.sandbox.webhookSecret().reveal().hasPrefix("whsec_"))
    #expect(try stripe.sandbox.now() == TestSandbox.start)
  }
}
