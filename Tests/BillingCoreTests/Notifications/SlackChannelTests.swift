import Basics
import Stripe
import Synchronization
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct SlackChannelTests {
  private static let address = "https://hooks.slack.com/services/T0/B0/secret"

  private final class Sink: Transport {
    let answer: HTTPResponse?
    private let seen = Mutex<[HTTPRequest]>([])

    var requests: [HTTPRequest] { seen.withLock { $0 } }

    init(_ answer: HTTPResponse?) { self.answer = answer }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
      seen.withLock { $0.append(request) }
      guard let answer else {
        throw TransportError(
          kind: .refused, mayHaveReachedServer: false, detail: "no \(SlackChannelTests.address)")
      }
      return answer
    }
  }

  private let words = MessageComposer.Words(
    subject: "Ada <ada@example.com>", text: "a & b <!channel>\n<https://x|y>", page: "")

  private func outcome(
    _ status: Int?, _ body: String = "", retryAfter: String? = nil
  ) async throws -> DeliveryOutcome {
    var response = status.map { HTTPResponse(status: $0, body: Array(body.utf8)) }
    if let retryAfter { response?.headers["Retry-After"] = retryAfter }
    return try await SlackChannel(Secret(Self.address), transport: Sink(response)).send(words)
  }

  @Test func whatIsPostedMeansNothingToSlack() async throws {
    let sink = Sink(HTTPResponse(status: 200, body: Array("ok".utf8)))
    let outcome = try await SlackChannel(Secret(Self.address), transport: sink).send(words)
    #expect(outcome == .sent)
    let request = try #require(sink.requests.first)
    #expect(request.method == .post && request.url == Self.address)
    #expect(request.headers["Content-Type"] == "application/json; charset=utf-8")
    #expect(
      try JSON(parsing: request.body) == [
        "text": """
        *Ada &lt;ada@example.com&gt;*
        a &amp; b &lt;!channel&gt;
        &lt;https://x|y&gt;
        """
      ])
  }

  @Test func answers() async throws {
    #expect(
      try await outcome(400, "invalid_payload")
        == .refused("Slack answered 400 invalid_payload", isFinal: true))
    #expect(
      try await outcome(429, retryAfter: "30")
        == .unavailable("Slack answered 429", retryAfterSeconds: 30))
    #expect(
      try await outcome(404, "no_service\n")
        == .unavailable("Slack answered 404 no_service", retryAfterSeconds: nil))
    #expect(
      try await outcome(302) == .unavailable("redirects are not followed", retryAfterSeconds: nil))
    #expect(
      try await outcome(503) == .unavailable("Slack answered 503", retryAfterSeconds: nil))
    #expect(
      try await outcome(nil) == .unavailable("no the address", retryAfterSeconds: nil))
  }

  @Test(arguments: [
    "hooks.slack.com/x", "https://hooks.slack.com", "https://user@hooks.slack.com/x",
    "https://hooks.slack.com/a b", "http://hooks.slack.com/services/x",
    "https://169.254.169.254/latest",
  ])
  func noAddress(_ text: String) {
    #expect(throws: SlackChannel.Mistake.self) {
      try SlackChannel(Secret(text), transport: Sink(nil))
    }
  }

  @Test func plainHTTPIsForThisMachine() throws {
    #expect(
      try SlackChannel(Secret("http://127.0.0.1:8080/hook"), transport: Sink(nil)).isLoopback)
    #expect(try !SlackChannel(Secret(Self.address), transport: Sink(nil)).isLoopback)
  }
}
