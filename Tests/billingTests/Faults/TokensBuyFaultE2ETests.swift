import Basics
import Testing

@testable import billing

/// A charge for tokens whose answer is lost: the customer pays once and gets the tokens once, however
/// the user goes on.
@Suite(.tags(.e2e)) struct TokensBuyFaultE2ETests {
  private static let line = "tokens buy ada@example.com booster --payment-method pm_card_visa"

  @Test(
    arguments: [Fault.answerLost, .savedServerErrorAfterExecution, .cutBeforeExecution],
    LostAnswerE2ETests.Next.allCases)
  func itIsPaidAndCreditedOnce(_ fault: Fault, _ next: LostAnswerE2ETests.Next) throws {
    let bench = try FaultBench(isSeeded: false)
    try bench.customer()
    bench.server.inject(fault, on: "POST /v1/payment_intents")
    let lost = try bench.run(Self.line)
    #expect(lost.failure == FaultBench.Failure(exit: 11, code: "outcome_unknown"))
    if next == .recover {
      let recovered = try bench.run("recover")
      #expect(recovered.json?["data"]?.array?.map { $0["status"] } == ["done"])
    } else {
      let again = try bench.run(Self.line)
      #expect(again.exit == 0 && again.json?["balance_after"] == 500_000, "\(again.errors)")
    }
    #expect(try bench.objects("payment_intents").map { $0["status"] } == ["succeeded"])
    #expect(try bench.unsettled() == 0)
    let balance = try bench.run("tokens balance ada@example.com")
    #expect(balance.json?["balance"] == 500_000, "\(balance.errors)")
    #expect(try bench.run("tokens audit").exit == 0)
  }

  /// Without a key two equal purchases at the same time are one, and one of them says so.
  @Test func twoAtTheSameTimeAreOneAndSaySo() throws {
    let bench = try FaultBench(isSeeded: false)
    try bench.customer()
    let gate = Gate()
    bench.server.inject(.delay(gate), on: "POST /v1/payment_intents")
    let running = try bench.start(Self.line)
    gate.waitUntilReached()
    let second = try bench.run(Self.line)
    gate.open()
    let first = bench.finish(running)
    #expect(first.exit == 0 && second.exit == 0, "\(first.errors) \(second.errors)")
    #expect(first.json == second.json)
    #expect(
      second.errors.contains("warning: nothing more was bought: this is the purchase of op_"))
    #expect(try bench.objects("payment_intents").count == 1)
    #expect(try bench.run("tokens audit").json?["purchased"] == 500_000)
  }
}
