import Basics
import Testing

@testable import billing

/// Answers that are lost when endpoints are made and deleted: nothing is made twice, and what Stripe
/// tells only once is not lost with the answer.
@Suite(.tags(.e2e)) struct WebhookEndpointFaultE2ETests {
  private static let create = "webhook endpoints create https://app.example.com/hook"

  @Test func aSecretWhoseAnswerWasLostIsToldByTheNextRun() throws {
    let bench = try FaultBench(isSeeded: false)
    bench.server.inject(.answerLost, on: "POST /v1/webhook_endpoints")
    #expect(
      try bench.run(Self.create).failure
        == FaultBench.Failure(exit: 11, code: "outcome_unknown"))
    let made = try bench.run(Self.create)
    #expect(made.exit == 0, "\(made.errors)")
    #expect(made.json?["secret"]?.string?.hasPrefix("whsec_") == true)
    #expect(try bench.objects("webhook_endpoints").map { $0["id"] } == [made.json?["id"]])
    #expect(try bench.unsettled() == 0)
  }

  @Test func recoverFindsTheEndpointAndKeepsNoSecret() throws {
    let bench = try FaultBench(isSeeded: false)
    bench.server.inject(.answerLost, on: "POST /v1/webhook_endpoints")
    _ = try bench.run(Self.create)
    let settled = try bench.run("recover")
    let operation = settled.json?["data"]?.array?.first
    #expect(operation?["status"] == "done" && settled.exit == 0)
    #expect(operation?["object_id"] == (try bench.objects("webhook_endpoints").first?["id"]))
    #expect(!settled.output.contains("whsec_"))
    let again = try bench.run(Self.create)
    #expect(again.failure == FaultBench.Failure(exit: 5, code: "already_exists"))
  }

  @Test func aDeletionWhoseAnswerWasLostIsSettled() throws {
    let bench = try FaultBench(isSeeded: false)
    let id = try #require(try bench.run(Self.create).json?["id"]?.string)
    bench.server.inject(.answerLost, on: "DELETE /v1/webhook_endpoints/\(id)")
    let line = "webhook endpoints delete \(id) --yes"
    #expect(try bench.run(line).failure == FaultBench.Failure(exit: 11, code: "outcome_unknown"))
    let deleted = try bench.run(line)
    #expect(deleted.exit == 0, "\(deleted.errors)")
    #expect(deleted.json?["id"]?.string == id && deleted.json?["status"] == "deleted")
    #expect(try bench.unsettled() == 0)
  }
}
