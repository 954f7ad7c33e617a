import Testing

@testable import Stripe

@Suite(.tags(.unit)) struct HTTPRequestTests {
  @Test(arguments: [
    ("", "the address has a character that no address can have"),
    ("http://a b/", "the address has a character that no address can have"),
    ("http://a/\r\nX: y", "the address has a character that no address can have"),
    ("http://é/", "the address has a character that no address can have"),
  ])
  func refusesAddresses(_ url: String, _ detail: String) async {
    await expectRefusal(HTTPRequest(method: .get, url: url), detail)
  }

  @Test(arguments: [
    ("X", "a\r\nY: b", "the header X has a line break or another control character"),
    ("X", "a\u{0}", "the header X has a line break or another control character"),
    ("X", "a\u{7F}", "the header X has a line break or another control character"),
    ("X Y", "a", "a header's name has a character that no name can have"),
    ("X:", "a", "a header's name has a character that no name can have"),
    ("", "a", "a header's name has a character that no name can have"),
  ])
  func refusesHeaders(_ name: String, _ value: String, _ detail: String) async {
    var request = HTTPRequest(method: .get, url: "http://127.0.0.1:1/")
    request.headers[name] = value
    await expectRefusal(request, detail)
  }

  @Test(arguments: ["ftp://127.0.0.1/", "file:///etc/passwd", "http://127.0.0.1:99999/", "http://"])
  func refusesWhatLibcurlCannotSend(_ url: String) async {
    do throws(TransportError) {
      _ = try await CurlTransport().send(HTTPRequest(method: .get, url: url))
      Issue.record("was sent")
    } catch {
      #expect(error.kind == .badURL)
      #expect(!error.mayHaveReachedServer)
    }
  }

  private func expectRefusal(_ request: HTTPRequest, _ detail: String) async {
    await #expect(
      throws: TransportError(kind: .badURL, mayHaveReachedServer: false, detail: detail)
    ) { _ = try await CurlTransport().send(request) }
  }

  @Test(arguments: [
    ("https://api.stripe.com/v1/customers", true),
    ("HTTPS://api.stripe.com", true),
    ("http://api.stripe.com/", false),
    ("https://127.0.0.1:4242/", false),
    ("https://localhost/", false),
    ("https://[::1]:1/", false),
    ("https://user@api.stripe.com/", false),
  ])
  func proxies(_ url: String, _ mayUse: Bool) {
    #expect(HTTPRequest(method: .get, url: url).mayUseProxy == mayUse)
  }

  @Test func headersAreCaseInsensitiveAndOrdered() {
    var headers: HTTPHeaders = ["Request-Id": "1"]
    headers.append("request-id", "2")
    #expect(headers["REQUEST-ID"] == "1")
    headers["request-ID"] = "3"
    #expect(headers.fields.map { $0.value } == ["3"])
    headers["request-id"] = nil
    #expect(headers.fields.isEmpty)
  }
}
