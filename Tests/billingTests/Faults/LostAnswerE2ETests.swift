import Basics
import Foundation
import Testing

@testable import billing

/// Every fault that can befall a write: what the program says, that nothing is ever made twice, and
/// that the journal settles by itself or by `recover`.
@Suite(.tags(.e2e)) struct LostAnswerE2ETests {
  /// How the user goes on after the fault.
  enum Next: String, Sendable, CaseIterable {
    case sameCommand
    case recover
  }

  private func fail(
    _ fault: Fault, on endpoint: String, running line: String, _ bench: FaultBench,
    list: String
  ) throws {
    bench.server.inject(fault, on: endpoint)
    let line = fault.needsTimeout ? line + " --timeout 1" : line
    let failed = try bench.run(line)
    #expect(
      failed.failure
        == (fault.isRefusal
          ? FaultBench.Failure(exit: 7, code: "rate_limit")
          : FaultBench.Failure(exit: 11, code: "outcome_unknown")),
      "\(failed.errors)")
    #expect(failed.output.isEmpty)
    if !fault.isRefusal {
      #expect(failed.error?["hint"]?.string == "billing recover finds out and settles it")
    }
    #expect(try bench.objects(list).count == (fault.isExecuted ? 1 : 0))
    #expect(try bench.unsettled() == (fault.isRefusal ? 0 : 1))
  }

  /// What `recover` makes of the operation.
  private func settle(_ fault: Fault, _ bench: FaultBench, command: String) throws {
    let recovered = try bench.run("recover")
    #expect(recovered.exit == 0, "\(recovered.errors)")
    let operations = recovered.json?["data"]?.array ?? []
    if fault.isRefusal {
      #expect(operations == [])
    } else {
      #expect(operations.count == 1)
      #expect(operations.first?["command"]?.string == command)
      #expect(operations.first?["status"] == (fault == .savedServerError ? "failed" : "done"))
    }
    #expect(try bench.run("recover").json == ["data": [], "has_more": false])
  }

  @Test(arguments: Fault.allCases, Next.allCases)
  func aCustomerIsMadeOnce(_ fault: Fault, _ next: Next) throws {
    let bench = try FaultBench(isSeeded: false)
    let line = "customer create --email ada@example.com"
    try fail(fault, on: "POST /v1/customers", running: line, bench, list: "customers")
    if next == .recover { try settle(fault, bench, command: "customer create") }
    let isThere = next == .recover && !fault.isRefusal && fault != .savedServerError
    let again = try bench.run(line)
    #expect(
      again.failure
        == (isThere
          ? FaultBench.Failure(exit: 5, code: "already_exists") : FaultBench.Failure(exit: 0)),
      "\(again.errors)")
    #expect(try bench.objects("customers").count == 1)
    #expect(try bench.unsettled() == 0)
  }

  @Test(arguments: Fault.allCases, Next.allCases)
  func aSubscriptionIsMadeAndPaidOnce(_ fault: Fault, _ next: Next) throws {
    let bench = try FaultBench()
    let customer = try bench.customer()
    let line = "subscribe ada@example.com starter --payment-method pm_card_visa"
    try fail(
      fault, on: "POST /v1/subscriptions", running: line, bench, list: "subscriptions?status=all")
    if next == .recover { try settle(fault, bench, command: "subscribe") }
    let isThere = next == .recover && !fault.isRefusal && fault != .savedServerError
    let again = try bench.run(line)
    #expect(
      again.failure
        == (isThere
          ? FaultBench.Failure(exit: 5, code: "invalid_state") : FaultBench.Failure(exit: 0)),
      "\(again.errors)")
    #expect(try bench.objects("subscriptions?status=all").count == 1)
    #expect(try bench.objects("charges").count == 1)
    #expect(try bench.objects("payment_methods?customer=\(customer)").count == 1)
    #expect(try bench.unsettled() == 0)
    let shown = try bench.run("subscription show ada@example.com --local")
    #expect(shown.json?["status"] == "active", "\(shown.errors)")
  }

  /// The first words after a lost answer are others: what was lost is settled first, so that the
  /// customer never has two subscriptions.
  @Test func otherWordsMeetWhatTheLostAnswerMade() throws {
    let bench = try FaultBench()
    try bench.customer()
    bench.server.inject(.answerLost, on: "POST /v1/subscriptions")
    let lost = try bench.run("subscribe ada@example.com starter --payment-method pm_card_visa")
    #expect(lost.exit == 11)
    let other = try bench.run("subscribe ada@example.com starter --trial-days 3")
    #expect(other.failure == FaultBench.Failure(exit: 5, code: "invalid_state"))
    #expect(try bench.objects("subscriptions?status=all").count == 1)
    #expect(try bench.unsettled() == 0)
  }

  /// The customer that the lost step made is found by the next run, which goes on with it.
  @Test(arguments: ["POST /v1/customers", "POST /v1/payment_methods/*", "POST /v1/subscriptions"])
  func aCustomerMadeOnTheWayIsMadeOnce(_ endpoint: String) throws {
    let bench = try FaultBench()
    bench.server.inject(.answerLost, on: endpoint)
    let line = "subscribe new@example.com starter --create --payment-method pm_card_visa"
    #expect(try bench.run(line).exit == 11)
    let again = try bench.run(line)
    #expect(again.exit == 0, "\(again.errors)")
    #expect(again.json?["status"] == "active")
    #expect(try bench.objects("customers").count == 1)
    #expect(try bench.objects("subscriptions?status=all").count == 1)
    #expect(try bench.objects("charges").count == 1)
    #expect(try bench.unsettled() == 0)
  }

  /// What ends or changes a subscription: the second run shows the result of the first.
  @Test(arguments: [
    ("cancel ada@example.com", "POST /v1/subscriptions/*", "active"),
    ("cancel ada@example.com --now --yes", "DELETE /v1/subscriptions/*", "canceled"),
  ])
  func aCancellationIsItsOwnResult(_ line: String, _ endpoint: String, _ status: String) throws {
    let bench = try FaultBench()
    try bench.customer()
    let subscribed = try bench.run(
      "subscribe ada@example.com starter --payment-method pm_card_visa")
    #expect(subscribed.exit == 0, "\(subscribed.errors)")
    bench.server.inject(.answerLost, on: endpoint)
    #expect(try bench.run(line).failure.exit == 11)
    let again = try bench.run(line)
    #expect(again.exit == 0, "\(again.errors)")
    #expect(again.json?["status"]?.string == status)
    #expect(try bench.unsettled() == 0)
    #expect(try bench.run(line).failure == FaultBench.Failure(exit: 5, code: "invalid_state"))
  }

  @Test func aDeletionIsItsOwnResult() throws {
    let bench = try FaultBench(isSeeded: false)
    try bench.customer()
    bench.server.inject(.answerLost, on: "DELETE /v1/customers/*")
    let line = "customer delete ada@example.com --yes"
    #expect(try bench.run(line).failure.exit == 11)
    let again = try bench.run(line)
    #expect(again.exit == 0, "\(again.errors)")
    #expect(again.json?["deleted"] == true)
    #expect(try bench.unsettled() == 0)
    #expect(try bench.run(line).failure == FaultBench.Failure(exit: 4, code: "not_found"))
  }

  /// A replay is old news: what happened since then is not undone in the mirror.
  @Test func aReplayDoesNotBringTheMirrorBack() throws {
    let bench = try FaultBench()
    try bench.customer()
    #expect(
      try bench.run("subscribe ada@example.com starter --payment-method pm_card_visa").exit == 0)
    bench.server.inject(.answerLost, on: "POST /v1/subscriptions/*")
    #expect(try bench.run("cancel ada@example.com").exit == 11)
    #expect(try bench.run("resume ada@example.com").exit == 0)
    #expect(try bench.run("recover").exit == 0)
    let shown = try bench.run("subscription show ada@example.com --local")
    #expect(shown.json?["cancel_at_period_end"] == false)
  }

  /// A seed that lost an answer: the rest is made, and the next run makes nothing twice.
  @Test(arguments: [Fault.answerLost, .cutBeforeExecution, .page])
  func aSeedGoesOnWhereItWas(_ fault: Fault) throws {
    let bench = try FaultBench(isSeeded: false)
    bench.server.inject(fault, on: "POST /v1/products")
    bench.server.inject(fault, on: "POST /v1/prices")
    let failed = try bench.run("plans seed")
    #expect(failed.failure == FaultBench.Failure(exit: 10, code: "partial"), "\(failed.errors)")
    let second = try bench.run("plans seed")
    #expect(second.exit == 0, "\(second.errors)")
    #expect(try bench.run("plans diff --check").exit == 0)
    let products = try bench.objects("products").compactMap { $0["name"]?.string }
    #expect(Set(products).count == products.count)
    let keys = try bench.objects("prices?active=true").compactMap { $0["lookup_key"]?.string }
    #expect(!keys.isEmpty && Set(keys).count == keys.count)
  }

  /// An import that lost an answer: the next run finds the customer.
  @Test func anImportGoesOnWhereItWas() throws {
    let bench = try FaultBench(isSeeded: false)
    try bench.world.write(
      "external_id,email\nu1,ada@example.com\nu2,eve@example.com\n", to: "people.csv")
    bench.server.inject(.answerLost, on: "POST /v1/customers")
    let failed = try bench.run("customer import people.csv")
    #expect(failed.failure == FaultBench.Failure(exit: 10, code: "partial"), "\(failed.errors)")
    #expect(try bench.run("customer import people.csv").exit == 0)
    #expect(try bench.objects("customers").count == 2)
    #expect(try bench.run("recover").exit == 0)
    #expect(try bench.unsettled() == 0)
    #expect(try bench.objects("customers").count == 2)
  }

  /// A connection that served before ends without an answer: libcurl sends a POST anew by itself,
  /// which its key makes harmless; a DELETE, which has none, stays one.
  @Test func aKeptConnectionThatEnds() throws {
    let bench = try FaultBench()
    try bench.customer()
    bench.server.keepConnections()
    bench.server.inject(.answerLost, on: "POST /v1/subscriptions")
    let subscribed = try bench.run(
      "subscribe ada@example.com starter --payment-method pm_card_visa")
    #expect([0, 11].contains(subscribed.exit), "\(subscribed.errors)")
    #expect(try bench.run("recover").exit == 0)
    #expect(Set(bench.server.requests(to: "POST /v1/subscriptions").map { $0.key }).count == 1)
    let subscriptions = try bench.objects("subscriptions?status=all")
    #expect(subscriptions.count == 1)

    bench.server.inject(.answerLost, on: "DELETE /v1/subscriptions/*")
    let canceled = try bench.run("cancel ada@example.com --now --yes")
    #expect(canceled.failure == FaultBench.Failure(exit: 11, code: "outcome_unknown"))
    let path = "DELETE /v1/subscriptions/\(subscriptions[0]["id"]?.string ?? "")"
    #expect(bench.server.requests(to: path).count == 1)
    #expect(try bench.run("recover").json?[at: "data", "0"]?["status"] == "done")
  }

  /// The client tries again by itself, under the same key.
  @Test(arguments: [Fault.answerLost, .tooManyRequests, .unavailable])
  func aRetryUnderTheSameKeySucceeds(_ fault: Fault) throws {
    let bench = try FaultBench(isSeeded: false)
    bench.server.inject(fault, on: "POST /v1/customers")
    let made = try bench.run("customer create --email ada@example.com", retries: 1)
    #expect(made.exit == 0, "\(made.errors)")
    let sent = bench.server.requests(to: "POST /v1/customers")
    #expect(sent.count == 2)
    #expect(Set(sent.map { $0.key }).count == 1)
    #expect(try bench.objects("customers").count == 1)
    #expect(try bench.unsettled() == 0)
  }

  /// The server says not to try again, and to wait half a minute: the user decides, nobody waits.
  @Test func theServersWordEndsTheRetries() throws {
    let bench = try FaultBench(isSeeded: false)
    bench.server.inject(.tooManyRequestsDoNotRetry, on: "POST /v1/customers")
    let refused = try bench.run("customer create --email ada@example.com", retries: 2)
    #expect(refused.failure == FaultBench.Failure(exit: 7, code: "rate_limit"))
    #expect(bench.server.requests(to: "POST /v1/customers").count == 1)
  }
}
