import Basics
import Foundation
import Testing

@testable import billing

/// Stripe says no, or is not there: everything stands as before.
@Suite(.tags(.e2e)) struct RefusalE2ETests {
  /// A card that is refused when it is attached, and one that is refused when it is charged.
  @Test(arguments: ["pm_card_chargeDeclined", "pm_card_chargeCustomerFail"])
  func aDeclineLeavesTheCustomerAsBefore(_ card: String) throws {
    let bench = try FaultBench()
    let customer = try bench.customer()
    let line = "subscribe ada@example.com starter --payment-method"
    let declined = try bench.run("\(line) \(card)")
    #expect(declined.failure == FaultBench.Failure(exit: 6, code: "card_declined"))
    #expect(
      declined.error?["hint"] == """
        try another payment method; --payment-behavior default_incomplete or billing checkout let \
        the customer pay on a page
        """)
    #expect(try bench.objects("subscriptions?customer=\(customer)&status=active") == [])
    #expect(try bench.objects("payment_methods?customer=\(customer)") == [])
    #expect(try bench.unsettled() == 0)

    let shown = try bench.run("subscription show ada@example.com")
    #expect(shown.exit != 0)
    #expect(try bench.run("customer show ada@example.com").json?["status"] == "none")
    #expect(try bench.run("customer show ada@example.com --local").json?["status"] == "none")

    let paid = try bench.run("\(line) pm_card_visa")
    #expect(paid.exit == 0, "\(paid.errors)")
    #expect(try bench.objects("payment_methods?customer=\(customer)").count == 1)
  }

  /// 429 in the middle: the card that was attached on the way is given back.
  @Test func waitingInTheMiddleLeavesTheCustomerAsBefore() throws {
    let bench = try FaultBench()
    let customer = try bench.customer()
    bench.server.inject(.tooManyRequests, on: "POST /v1/subscriptions")
    let waiting = try bench.run(
      "subscribe ada@example.com starter --payment-method pm_card_visa")
    #expect(waiting.failure == FaultBench.Failure(exit: 7, code: "rate_limit"))
    #expect(try bench.objects("payment_methods?customer=\(customer)") == [])
  }

  /// With a key of the user's own the next run goes on where the last one was asked to wait.
  @Test func aKeyGoesOnWhereItHadToWait() throws {
    let bench = try FaultBench()
    let customer = try bench.customer()
    bench.server.inject(.tooManyRequests, on: "POST /v1/subscriptions")
    let line =
      "subscribe ada@example.com starter --payment-method pm_card_visa --idempotency-key order-7"
    #expect(try bench.run(line).exit == 7)
    let paid = try bench.run(line)
    #expect(paid.exit == 0, "\(paid.errors)")
    let again = try bench.run(line)
    #expect(again.exit == 0, "\(again.errors)")
    #expect(again.json?["id"] == paid.json?["id"])
    #expect(try bench.objects("payment_methods?customer=\(customer)").count == 1)
    #expect(try bench.objects("subscriptions?status=all").count == 1)
    let other = try bench.run(
      "subscribe ada@example.com starter --trial-days 3 --idempotency-key order-7")
    #expect(other.failure == FaultBench.Failure(exit: 5, code: "idempotency_mismatch"))
    let cancel = try bench.run("cancel ada@example.com --idempotency-key order-7")
    #expect(cancel.failure == FaultBench.Failure(exit: 5, code: "idempotency_mismatch"))
  }

  @Test(arguments: ["customer create --email ada@example.com", "customer list", "recover"])
  func aClosedPortIsANetworkError(_ line: String) throws {
    var bench = try FaultBench(isSeeded: false)
    // Port 9 of loopback: nobody discards anything there any more.
    bench.program.environment["STRIPE_API_BASE"] = "http://127.0.0.1:9"
    let result = try bench.run(line)
    if line == "recover" {
      #expect(result.failure == FaultBench.Failure(exit: 0))
    } else {
      #expect(result.failure == FaultBench.Failure(exit: 7, code: "network"))
    }
    #expect(try bench.unsettled() == 0)
  }

  /// The server goes away between the reads and the write.
  @Test(arguments: [(Fault.serverError, "api_error"), (.page, "api_error"), (.silence, "timeout")])
  func aReadThatFailsChangesNothing(_ fault: Fault, _ code: String) throws {
    let bench = try FaultBench(isSeeded: false)
    try bench.customer()
    bench.server.inject(fault, on: "GET /v1/customers")
    let result = try bench.run("customer show ada@example.com --timeout 1")
    #expect(result.failure == FaultBench.Failure(exit: 7, code: code))
    #expect(try bench.run("customer show ada@example.com").exit == 0)
  }

  /// A lost answer that the server cannot be asked about stays unknown, and says so.
  @Test func aServerThatStaysAwayLeavesItUnknown() throws {
    let bench = try FaultBench(isSeeded: false)
    bench.server.inject(.answerLost, on: "POST /v1/customers", times: 2)
    let line = "customer create --email ada@example.com"
    #expect(try bench.run(line).exit == 11)
    let recovered = try bench.run("recover")
    #expect(recovered.failure == FaultBench.Failure(exit: 11, code: "outcome_unknown"))
    #expect(recovered.json?[at: "data", "0"]?["status"] == "unknown")
    #expect(try bench.run("recover").exit == 0)
    #expect(try bench.objects("customers").count == 1)
    #expect(Set(bench.server.requests(to: "POST /v1/customers").map { $0.key }).count == 1)
  }
}
