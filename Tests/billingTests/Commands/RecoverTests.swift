import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct RecoverTests {
  @Test(arguments: [
    ("now", "unexpected 'now';"),
    ("--idempotency-key k",
      "--idempotency-key cannot stand for a batch; each line has its own key;"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake("recover \(words)") == "\(message) see billing recover --help")
  }

  @Test func nothingToSettle() async throws {
    let shop = try await Shop(seeds: false)
    #expect(try await shop.json("recover") == ["data": [], "has_more": false])
    let words = await shop.world.run("--sandbox recover")
    #expect(words.output == "" && words.errors.hasSuffix("note: nothing to settle\n"))
  }

  /// An answer that was lost on its way: unknown, shown by a dry run, settled under its own key.
  @Test func aLostAnswerIsFound() async throws {
    let world = try TestWorld()
    try world.write(PlansTemplate.text, to: "plans.yaml")
    let key = ["STRIPE_SECRET_KEY": "sk_test_abcdefghijkl"]
    let cut = TransportError(kind: .cut, mayHaveReachedServer: true, detail: "cut")
    let lost = await world.run(
      "customer create --email ada@example.com --max-retries 0", environment: key,
      transport: ScriptedTransport([
        .json(#"{"id":"acct_1","object":"account"}"#), .json(#"{"data":[],"has_more":false}"#),
        .failure(cut),
      ]))
    #expect(lost.exit == .outcomeUnknown)
    let shown = await world.run("recover --dry-run --json", environment: key)
    #expect(shown.exit == .outcomeUnknown)
    let operation = try JSON(parsing: shown.output)["data"]?.array?.first
    #expect(
      operation?.object?.keys
        == ["id", "command", "customer", "status", "object_id", "error", "created"])
    #expect(operation?["command"] == "customer create" && operation?["status"] == "unknown")
    let customer = """
      {"id":"cus_1","object":"customer","created":1795168800,"balance":0,"currency":null,
      "delinquent":false,"livemode":false,"metadata":{}}
      """
    let transport = ScriptedTransport([.json(customer)])
    let settled = await world.run("recover --json", environment: key, transport: transport)
    #expect(settled.exit == .done && settled.errors == "")
    let row = try JSON(parsing: settled.output)["data"]?.array?.first
    #expect(row?["status"] == "done" && row?["object_id"] == "cus_1" && row?["error"] == JSON.null)
    #expect(transport.requests.map { $0.method } == [.post] && transport.rest == 0)
  }
}
