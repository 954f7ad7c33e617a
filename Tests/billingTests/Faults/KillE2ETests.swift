import Basics
import Foundation
import Testing

@testable import billing

/// The program dies at the worst moment, or runs twice at once.
@Suite(.tags(.e2e)) struct KillE2ETests {
  private let line = "subscribe ada@example.com starter --payment-method pm_card_visa"

  /// `kill -9` while the server holds the answer back, having executed the request or not.
  @Test(arguments: [true, false], ["recover", "again"])
  func aKillBetweenRequestAndAnswer(isExecuted: Bool, next: String) throws {
    let bench = try FaultBench()
    try bench.customer()
    let gate = Gate()
    bench.server.inject(.hold(gate, isExecuted: isExecuted), on: "POST /v1/subscriptions")
    let running = try bench.start(line)
    gate.waitUntilReached()
    kill(running.process.processIdentifier, SIGKILL)
    let killed = bench.finish(running)
    gate.open()
    #expect(running.process.terminationReason == .uncaughtSignal)
    #expect(killed.output.isEmpty)
    #expect(try bench.objects("subscriptions?status=all").count == (isExecuted ? 1 : 0))
    #expect(try bench.unsettled() == 1)

    let settled = try bench.run(next == "recover" ? "recover" : line)
    #expect(settled.exit == 0, "\(settled.errors)")
    if next == "recover" {
      #expect(settled.json?[at: "data", "0"]?["status"] == "done")
    } else {
      #expect(settled.json?["status"] == "active")
    }
    let subscriptions = try bench.objects("subscriptions?status=all")
    #expect(subscriptions.count == 1)
    #expect(try bench.objects("charges").count == 1)
    #expect(try bench.run("recover").json?["data"] == [])
    let shown = try bench.run("subscription show ada@example.com --local")
    #expect(shown.json?["id"] == subscriptions.first?["id"])
  }

  /// The wish to stop comes while a write is under way: it is named, with what settles it.
  @Test func anInterruptedWriteIsNamed() throws {
    let bench = try FaultBench(isSeeded: false)
    let gate = Gate()
    bench.server.inject(.hold(gate, isExecuted: true), on: "POST /v1/customers")
    let running = try bench.start("customer create --email ada@example.com")
    gate.waitUntilReached()
    kill(running.process.processIdentifier, SIGTERM)
    let ended = bench.finish(running)
    gate.open()
    #expect(ended.failure == FaultBench.Failure(exit: 143, code: "outcome_unknown"))
    #expect(ended.error?["hint"]?.string == "billing recover finds out and settles it")
    #expect(try bench.run("recover").json?[at: "data", "0"]?["status"] == "done")
    #expect(try bench.objects("customers").count == 1)
  }

  @Test func twoProcessesSubscribeOnce() throws {
    let bench = try FaultBench()
    try bench.customer()
    let both = [try bench.start(line), try bench.start(line)]
    let results = both.map { bench.finish($0) }
    for result in results {
      // Who comes late finds the subscription, who comes meanwhile the operation or its key in use.
      #expect([0, 5, 11].contains(result.exit), "\(result.errors)")
    }
    #expect(results.contains { $0.exit == 0 })
    #expect(try bench.run("recover").exit == 0)
    #expect(try bench.unsettled() == 0)
    #expect(try bench.objects("subscriptions?status=all").count == 1)
    #expect(try bench.objects("charges").count == 1)
  }

  /// The second one comes while the first one's request is held back: the journal names it.
  @Test func aSecondProcessFindsTheOperationUnderWay() throws {
    let bench = try FaultBench()
    try bench.customer()
    let gate = Gate()
    bench.server.inject(.hold(gate, isExecuted: true), on: "POST /v1/subscriptions")
    let first = try bench.start(line)
    gate.waitUntilReached()
    let second = try bench.run(line)
    #expect(second.exit == 0, "\(second.errors)")
    gate.open()
    #expect(bench.finish(first).failure == FaultBench.Failure(exit: 11, code: "outcome_unknown"))
    #expect(Set(bench.server.requests(to: "POST /v1/subscriptions").map { $0.key }).count == 1)
    #expect(try bench.objects("subscriptions?status=all").count == 1)
    #expect(try bench.unsettled() == 0)
  }

  /// Stripe lets two customers have one address; the journal does not let one wish make two.
  @Test func twoProcessesMakeOneCustomer() throws {
    let bench = try FaultBench(isSeeded: false)
    let gate = Gate()
    bench.server.inject(.hold(gate, isExecuted: false), on: "POST /v1/customers")
    let line = "customer create --email ada@example.com --if-not-exists"
    let first = try bench.start(line)
    gate.waitUntilReached()
    let second = try bench.run(line)
    #expect(second.exit == 0, "\(second.errors)")
    gate.open()
    #expect(bench.finish(first).exit == 11)
    let third = try bench.run(line)
    #expect(third.exit == 0, "\(third.errors)")
    #expect(third.json?["id"] == second.json?["id"])
    #expect(try bench.objects("customers").count == 1)
    #expect(try bench.unsettled() == 0)
  }

  /// The other process begins and ends after this one has read how things stand: its work is the
  /// result of the same words, and with other words this one stops before it sends anything.
  @Test func whatWasReadIsOvertaken() throws {
    let bench = try FaultBench()
    try bench.customer()
    for (words, exit) in [("", 0), (" --trial-days 3", 5)] as [(String, Int32)] {
      let gate = Gate()
      bench.server.inject(.delay(gate), on: "GET /v1/prices")
      let slow = try bench.start(line + words)
      gate.waitUntilReached()
      let fast = try bench.run(line)
      #expect(fast.exit == 0, "\(fast.errors)")
      gate.open()
      let overtaken = bench.finish(slow)
      #expect(overtaken.exit == exit, "\(overtaken.errors)")
      if exit == 0 {
        #expect(overtaken.json?["id"] == fast.json?["id"])
      } else {
        #expect(overtaken.failure.code == "invalid_state")
        #expect(
          overtaken.error?["hint"]?.string == "run it again: it then goes by how things stand")
      }
      #expect(try bench.objects("subscriptions?status=active").count == 1)
      #expect(try bench.unsettled() == 0)
      #expect(try bench.run("cancel ada@example.com --now --yes").exit == 0)
    }
    #expect(try bench.objects("charges").count == 2)
  }

  @Test func aCustomerThatCameMeanwhileIsTheResult() throws {
    let bench = try FaultBench(isSeeded: false)
    let gate = Gate()
    bench.server.inject(.delay(gate), on: "GET /v1/customers")
    let line = "customer create --email ada@example.com --if-not-exists"
    let slow = try bench.start(line)
    gate.waitUntilReached()
    let fast = try bench.run(line)
    #expect(fast.exit == 0, "\(fast.errors)")
    gate.open()
    let overtaken = bench.finish(slow)
    #expect(overtaken.exit == 0, "\(overtaken.errors)")
    #expect(overtaken.json?["id"] == fast.json?["id"])
    #expect(try bench.objects("customers").count == 1)
  }

  /// The same with the sandbox in the box: two processes on one sandbox file.
  @Test func twoProcessesOnOneSandbox() throws {
    var bench = try FaultBench(isSeeded: false)
    bench.program.environment = ["BILLING_SANDBOX": "1"]
    #expect(try bench.run("plans seed").exit == 0)
    #expect(try bench.run("customer create --email ada@example.com").exit == 0)
    let both = [try bench.start(line), try bench.start(line)]
    let results = both.map { bench.finish($0) }
    for result in results { #expect([0, 5, 11].contains(result.exit), "\(result.errors)") }
    #expect(results.contains { $0.exit == 0 })
    #expect(try bench.run("recover").exit == 0)
    let list = try bench.run("subscription list --status all")
    #expect(list.json?["data"]?.array?.count == 1, "\(list.errors)")
  }

  @Test func threeFirstCommandsMakeOneDatabase() throws {
    let bench = try FaultBench(isSeeded: false)
    let running = try ["a", "b", "c"].map {
      try bench.start("customer create --email \($0)@example.com")
    }
    for result in running.map({ bench.finish($0) }) {
      #expect(result.exit == 0, "\(result.errors)")
    }
    #expect(try bench.objects("customers").count == 3)
    #expect(try bench.run("customer list --local").json?["data"]?.array?.count == 3)
    let left = try FileManager.default.contentsOfDirectory(atPath: bench.world.directory)
    #expect(left.filter { $0.hasSuffix(".tmp") } == [])
  }
}
