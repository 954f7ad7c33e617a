import Basics
import Testing

@testable import billing

/// A refund whose answer is lost: the money goes back once, however the user goes on.
@Suite(.tags(.e2e)) struct RefundFaultE2ETests {
  @Test(
    arguments: [Fault.answerLost, .savedServerErrorAfterExecution],
    LostAnswerE2ETests.Next.allCases)
  func theMoneyGoesBackOnce(_ fault: Fault, _ next: LostAnswerE2ETests.Next) throws {
    let bench = try FaultBench()
    let made = try bench.run(
      "subscribe ada@example.com starter --trial-days 0 --create --payment-method pm_card_visa")
    let id = try #require(made.json?["latest_invoice"]?.string, "\(made.errors)")
    bench.server.inject(fault, on: "POST /v1/refunds")
    let line = "refund \(id) --amount 900 --yes"
    let lost = try bench.run(line)
    #expect(lost.failure == FaultBench.Failure(exit: 11, code: "outcome_unknown"))
    if next == .recover {
      let recovered = try bench.run("recover")
      #expect(recovered.json?["data"]?.array?.map { $0["status"] } == ["done"])
    } else {
      let again = try bench.run(line)
      #expect(again.exit == 0 && again.json?["amount"] == 900, "\(again.errors)")
    }
    #expect(try bench.objects("refunds").map { $0["amount"] } == [900])
    #expect(try bench.unsettled() == 0)
  }

  /// The same of tokens, which are taken back once.
  @Test(
    arguments: [Fault.answerLost, .savedServerErrorAfterExecution],
    LostAnswerE2ETests.Next.allCases)
  func theTokensGoBackOnce(_ fault: Fault, _ next: LostAnswerE2ETests.Next) throws {
    let bench = try FaultBench(isSeeded: false)
    try bench.customer()
    let bought = try bench.run("tokens buy ada@example.com booster --payment-method pm_card_visa")
    let payment = try #require(bought.json?["reference"]?.string, "\(bought.errors)")
    bench.server.inject(fault, on: "POST /v1/refunds")
    let line = "refund \(payment) --amount 500 --yes"
    let lost = try bench.run(line)
    #expect(lost.failure == FaultBench.Failure(exit: 11, code: "outcome_unknown"))
    if next == .recover {
      let recovered = try bench.run("recover")
      #expect(recovered.json?["data"]?.array?.map { $0["status"] } == ["done"])
    } else {
      let again = try bench.run(line)
      #expect(again.exit == 0 && again.json?["tokens_taken_back"] == 125_000, "\(again.errors)")
    }
    #expect(try bench.objects("refunds").map { $0["amount"] } == [500])
    #expect(try bench.unsettled() == 0)
    let balance = try bench.run("tokens balance ada@example.com")
    #expect(balance.json?["balance"] == 375_000, "\(balance.errors)")
    #expect(try bench.run("tokens audit").exit == 0)
  }
}
