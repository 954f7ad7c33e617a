import Basics
import Stripe
import Testing

@testable import billing

/// `doctor --go-live`: whether those who are to be told of something can be.
@Suite(.tags(.unit)) struct DoctorChannelsTests {
  private static let mail = ["SMTP_URL": "smtp://127.0.0.1:1025"]
  private static let slack = ["SLACK_WEBHOOK_URL": "http://127.0.0.1:9/services/T0/B0/very-secret"]

  /// `check status: message` of the channels.
  private func findings(
    _ shop: Shop, _ environment: [String: String], slackSays answer: (Int, String)? = nil
  ) async throws -> [String] {
    let transport = answer.map { ScriptedTransport([.response($0.0, $0.1, [:])]) }
    let result = await shop.world.run(
      "--sandbox --quiet doctor --go-live --json", environment: environment, transport: transport)
    #expect(!result.output.contains("very-secret") && !result.errors.contains("very-secret"))
    return try (JSON(parsing: result.output)["data"]?.array ?? [])
      .filter { ["notifications", "smtp", "slack"].contains($0["check"]?.string) }
      .map { row in
        let words = ["check", "status", "message"].map { row[$0]?.string ?? "-" }
        return "\(words[0]) \(words[1]): \(words[2])"
      }
  }

  @Test func nothingIsSetUp() async throws {
    #expect(
      try await findings(Shop("agnostic", seeds: false), [:]) == [
        "notifications warning: plans.yaml has no notifications"
      ])
    #expect(
      try await findings(Shop("coditect", seeds: false), [:]) == [
        "smtp warning: SMTP_URL is not set, or not used here",
        "slack ok: SLACK_WEBHOOK_URL is not set, or not used here: operators have mail",
      ])
  }

  @Test func theMailServerIsVisitedAndSentNothing() async throws {
    let shop = try await Shop("coditect", seeds: false)
    #expect(
      try await findings(shop, Self.mail).first == "smtp ok: the mail server answers and lets us in"
    )
    shop.world.mailbox.answer(["*": .failure(.refused, "nobody listens there")])
    #expect(try await findings(shop, Self.mail).first == "smtp fault: nobody listens there")
    #expect(shop.world.mailbox.attempts == 0)
  }

  @Test func slackIsAskedWithoutAMessage() async throws {
    let shop = try await Shop("coditect", seeds: false)
    #expect(
      try await findings(shop, Self.slack, slackSays: (400, "no_text")).last
        == "slack ok: the channel can be written to")
    #expect(
      try await findings(shop, Self.slack, slackSays: (404, "no_service")).last
        == "slack fault: Slack answered 404 no_service")
  }

  @Test func anAddressThatIsNoneIsAFault() async throws {
    let shop = try await Shop("coditect", seeds: false)
    #expect(
      try await findings(shop, ["SMTP_URL": "mail.example.com:very-secret"]).first?
        .hasPrefix("notifications fault: SMTP_URL: it must be") == true)
  }
}
