import BillingServer
import Foundation
import Testing

@testable import billing

@Suite(.tags(.unit)) struct WebhookListenTests {
  private func parse(_ line: String) throws -> WebhookListen {
    let invocation = try Invocation(line.split(separator: " ").map { String($0) })
    guard case .run(let command, _, _) = invocation else { throw CancellationError() }
    return try #require(command as? WebhookListen)
  }

  @Test func defaults() throws {
    let command = try parse("webhook listen")
    #expect(command.host == "127.0.0.1")
    #expect(command.port == 4242)
    #expect(command.path == "/webhooks/stripe")
  }

  @Test(arguments: ["hooks", "/a?b", "/a b", "/\u{e9}", "/healthz", "/metrics", ""])
  func noPath(_ path: String) {
    #expect(throws: UsageError.self) {
      _ = try Invocation(["webhook", "listen", "--path", path])
    }
  }

  @Test func withoutASecret() async throws {
    let world = try TestWorld()
    #expect(
      await world.run("webhook listen")
        == TestWorld.Result(
          exit: .configuration, output: "",
          errors: """
            error: there is no secret to verify webhooks with
            hint: set STRIPE_WEBHOOK_SECRET; billing webhook endpoints create gives one

            """))
    #expect(!world.exists("billing.db"))
  }

  @Test func aPortInUse() async throws {
    let listener = try SilentListener()
    let result = try await TestWorld().run(
      "webhook listen --port \(listener.port)",
      environment: ["STRIPE_WEBHOOK_SECRET": "whsec_neverseen"])
    #expect(result.exit == .configuration)
    #expect(result.errors.hasPrefix("error: 127.0.0.1:\(listener.port) is in use\n"))
  }

  @Test func anAddressThatOthersCanReach() async throws {
    let result = try await TestWorld().run(
      "webhook listen --port 0 --host 192.0.2.1",
      environment: ["STRIPE_WEBHOOK_SECRET": "whsec_neverseen"])
    #expect(result.exit == .configuration)
    #expect(
      result.errors.hasPrefix(
        """
        warning: 192.0.2.1 can be reached from other machines; only signatures keep them out
        error: cannot listen on 192.0.2.1: it is no address of this machine

        """))
  }

  @Test func aCatalogueWithMistakes() async throws {
    let world = try TestWorld()
    try world.write("version: 9\n", to: "plans.yaml")
    let result = await world.run(
      "webhook listen --port 0", environment: ["STRIPE_WEBHOOK_SECRET": "whsec_neverseen"])
    #expect(result.exit == .configuration)
    #expect(result.errors.hasSuffix("error: the plan catalogue has 4 mistakes\n"))
  }
}
