import Basics
import StripeSandbox
import Testing

@Suite(.tags(.unit)) struct WebhookEndpointsTests {
  private static let url = "url=https://example.com/hook&enabled_events[]="

  @Test func tellsItsSecretOnce() throws {
    let stripe = try TestSandbox()
    let made = stripe.post(
      "/v1/webhook_endpoints",
      Self.url + "*&api_version=2024-11-20.acacia&description=Mine&metadata[a]=b")
    #expect(made["secret"] == "whsec_00000000000000000000000000000004")
    #expect(
      made.body.compact
        == #"{"id":"we_000000000000000000000005","object":"webhook_endpoint","#
        + #""api_version":"2024-11-20.acacia","application":null,"created":1795168800,"#
        + #""description":"Mine","enabled_events":["*"],"livemode":false,"metadata":{"a":"b"},"#
        + #""status":"enabled","url":"https://example.com/hook","#
        + #""secret":"whsec_00000000000000000000000000000004"}"#)
    let read = stripe.get("/v1/webhook_endpoints/\(made.id)")
    #expect(read["secret"] == nil)
    #expect(stripe.get("/v1/webhook_endpoints")["data"] == [read.body])
    #expect(try stripe.eventTypes() == [])
  }

  @Test func isChangedAndDeleted() throws {
    let stripe = try TestSandbox()
    let id = stripe.post("/v1/webhook_endpoints", Self.url + "invoice.paid").id
    let target = "/v1/webhook_endpoints/\(id)"
    let changed = stripe.post(
      target,
      "url=http://127.0.0.1:4242/&enabled_events[]=customer.created&description=x&disabled=true")
    #expect(changed["url"] == "http://127.0.0.1:4242/")
    #expect(changed["enabled_events"] == ["customer.created"])
    #expect(changed["description"] == "x")
    #expect(changed["status"] == "disabled")
    #expect(changed["secret"] == nil)
    #expect(stripe.post(target, "disabled=false&description=")["status"] == "enabled")
    #expect(stripe.get(target)["description"] == .null)
    let gone = stripe.delete(target)
    #expect(gone.body == ["id": .string(id), "object": "webhook_endpoint", "deleted": true])
    #expect(
      stripe.get(target).error
        == "404 invalid_request_error resource_missing id: No such webhook endpoint: '\(id)'")
  }

  @Test(arguments: [
    (
      "url=example.com/hook&enabled_events[]=*",
      "url_invalid url: Invalid URL: An explicit scheme (such as https) must be provided."
    ),
    (
      "url=ftp://example.com&enabled_events[]=*",
      "url_invalid url: Invalid URL: The scheme must be http or https."
    ),
    ("url=https:///hook&enabled_events[]=*", "url_invalid url: Not a valid URL"),
    ("url=https://a/b%20c&enabled_events[]=*", "url_invalid url: Not a valid URL"),
    (
      "url=https://a&enabled_events[]=*&connect=true",
      "parameter_unsupported connect: The sandbox does not offer the parameter connect of this "
        + "operation yet."
    ),
    ("url=https://a", "parameter_missing enabled_events: Missing required param: enabled_events."),
  ]) func refusesWhatCannotBe(_ parameters: String, _ expected: String) throws {
    #expect(
      try TestSandbox().post("/v1/webhook_endpoints", parameters).error
        == "400 invalid_request_error \(expected)")
  }

  @Test func refusesTypesThatThereAreNot() throws {
    let answer = try TestSandbox().post("/v1/webhook_endpoints", Self.url + "invoice.eaten")
    #expect(answer.error.hasPrefix("400 invalid_request_error - enabled_events[0]: Invalid "))
  }

  @Test func areSixteenAtMost() throws {
    let stripe = try TestSandbox()
    for _ in 0..<16 { #expect(stripe.post("/v1/webhook_endpoints", Self.url + "*").status == 200) }
    #expect(
      stripe.post("/v1/webhook_endpoints", Self.url + "*").error
        == "400 invalid_request_error - -: You have reached the maximum of 16 test webhook "
        + "endpoints.")
  }
}
