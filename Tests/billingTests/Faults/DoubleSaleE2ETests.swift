import Basics
import Testing

@testable import billing

/// Two buyers, two processes, two attempts: what is sold or given back once.
@Suite(.tags(.e2e)) struct DoubleSaleE2ETests {
  private static let page = "checkout ada@example.com starter --success-url https://example.com"

  /// The customer pays while the next page is being thought about.
  @Test func aPageThatIsPaidBetweenTheReadsIsNotFollowedByAnother() throws {
    let bench = try FaultBench()
    try bench.customer()
    let first = try bench.run("\(Self.page)/one")
    let id = try #require(first.json?["id"]?.string, "\(first.errors)")
    let gate = Gate()
    bench.server.inject(.delay(gate), on: "GET /v1/subscriptions")
    let running = try bench.start("\(Self.page)/two")
    gate.waitUntilReached()
    try bench.ask(
      "POST", "/sandbox/checkout/sessions/\(id)/complete", "card=4242424242424242")
    gate.open()
    let second = bench.finish(running)
    #expect(second.exit == 6, "\(second.output)")
    #expect(try bench.objects("checkout/sessions").map { $0["status"] } == ["complete"])
    #expect(try bench.unsettled() == 0)
    #expect(try bench.run("\(Self.page)/two").failure.code == "invalid_state")
  }

  /// Without a key two equal refunds at the same time are one, and one of them says so.
  @Test func equalRefundsAtTheSameTimeAreOneAndSaySo() throws {
    let bench = try FaultBench()
    let id = try subscribed(bench)
    let gate = Gate()
    bench.server.inject(.delay(gate), on: "POST /v1/refunds")
    let line = "refund \(id) --amount 900 --yes"
    let running = try bench.start(line)
    gate.waitUntilReached()
    let second = try bench.run(line)
    gate.open()
    let first = bench.finish(running)
    #expect(first.exit == 0 && second.exit == 0, "\(first.errors) \(second.errors)")
    #expect(first.json == second.json)
    #expect(!first.errors.contains("nothing more was given back"))
    #expect(
      second.errors.contains("warning: nothing more was given back: this is the refund of op_"))
    #expect(try bench.objects("refunds").map { $0["amount"] } == [900])
    // The next one is a new one.
    let third = try bench.run(line)
    #expect(third.exit == 0 && third.errors == "", "\(third.errors)")
    #expect(try bench.objects("refunds").count == 2)
  }

  /// The subscription ends elsewhere while the money goes back.
  @Test func aRefundWhoseSubscriptionDidNotEndIsTold() throws {
    let bench = try FaultBench()
    let id = try subscribed(bench)
    let subscription = try #require(try bench.objects("subscriptions").first?["id"]?.string)
    let gate = Gate()
    bench.server.inject(.delay(gate), on: "POST /v1/refunds")
    let running = try bench.start("refund \(id) --cancel --yes --idempotency-key k")
    gate.waitUntilReached()
    try bench.ask("DELETE", "/v1/subscriptions/\(subscription)")
    gate.open()
    let result = bench.finish(running)
    let refund = try #require(try bench.objects("refunds").first?["id"]?.string)
    #expect(result.exit == 6, "\(result.output)")
    #expect(
      result.error?["message"]?.string?.hasPrefix(
        "$19.00 was given back (\(refund)), but the subscription was not ended: ") == true,
      "\(result.errors)")
    let again = try bench.run("refund \(id) --cancel --yes --idempotency-key k")
    #expect(
      again.error?["message"]?.string?.hasPrefix("1 of 2 steps done, then: ") == true,
      "\(again.errors)")
    #expect(try bench.objects("refunds").count == 1)
  }

  /// The id of the paid first invoice.
  private func subscribed(_ bench: FaultBench) throws -> String {
    let made = try bench.run(
      "subscribe ada@example.com starter --trial-days 0 --create --payment-method pm_card_visa")
    return try #require(made.json?["latest_invoice"]?.string, "\(made.errors)")
  }
}
