import Basics
import Foundation
import Testing

@testable import billing

/// A report of usage dies at the worst moments; the next one sends what is missing and nothing
/// twice.
@Suite(.tags(.e2e)) struct UsageReportKillE2ETests {
  /// Where Stripe holds the answer back when the program dies.
  enum Point: Sendable, CaseIterable {
    /// Nothing is written down yet.
    case planning
    /// It is written down, and Stripe has not got it.
    case beforeExecution
    /// Stripe has it, and nobody here knows.
    case beforeAnswer
    /// Stripe has all, and its errors are asked for.
    case afterwards

    var endpoint: String {
      switch self {
      case .planning: "GET /v1/billing/meters/*"
      case .beforeExecution, .beforeAnswer: "POST /v1/billing/meter_events"
      case .afterwards: "GET /v2/core/events"
      }
    }
  }

  @Test(arguments: Point.allCases) func killedItTellsNothingTwice(_ point: Point) throws {
    let bench = try FaultBench()
    let customers = try ["ada", "bob"].map { try customer("\($0)@example.com", bench) }
    try kill(bench, at: point)
    let again = try bench.run("usage report")
    #expect(again.exit == 0 && again.json?["failed"] == 0, "\(again.errors)")
    #expect(try bench.run("usage report").json?["reported"] == 0)
    for customer in customers {
      #expect(try counted(customer, bench) == [1250])
    }
    let check = try bench.run("usage report --check")
    #expect(check.exit == 0, "\(check.errors)")
    #expect(check.json?["data"]?.array?.map { $0["stripe"] } == [1250, 1250])
    // Whatever was sent again was sent as it had been written down.
    let keys = bench.server.requests(to: "POST /v1/billing/meter_events").map { $0.key }
    #expect(Set(keys).count == 2)
  }

  /// Killed again and again, each time a little further.
  @Test func killedAtEachCallItComesToItsEnd() throws {
    let bench = try FaultBench()
    let customers = try ["ada", "bob", "eve"].map { try customer("\($0)@example.com", bench) }
    for point in [Point.planning, .beforeExecution, .beforeAnswer, .beforeAnswer, .afterwards] {
      try kill(bench, at: point)
    }
    #expect(try bench.run("usage report").exit == 0)
    for customer in customers { #expect(try counted(customer, bench) == [1250]) }
  }

  /// Somebody who used 1,250 requests.
  private func customer(_ email: String, _ bench: FaultBench) throws -> String {
    let made = try bench.run(
      "subscribe \(email) starter --trial-days 0 --create --payment-method pm_card_visa")
    for quantity in [1000, 250] {
      let recorded = try bench.run("usage record \(email) ai_requests \(quantity)")
      #expect(recorded.exit == 0, "\(recorded.errors)")
    }
    return try #require(made.json?["customer"]?.string, "\(made.errors)")
  }

  private func kill(_ bench: FaultBench, at point: Point) throws {
    let gate = Gate()
    bench.server.inject(
      .hold(gate, isExecuted: point != .beforeExecution), on: point.endpoint)
    let running = try bench.start("usage report")
    gate.waitUntilReached()
    Foundation.kill(running.process.processIdentifier, SIGKILL)
    let killed = bench.finish(running)
    gate.open()
    #expect(running.process.terminationReason == .uncaughtSignal && killed.output.isEmpty)
  }

  /// What Stripe counted, by its own words.
  private func counted(_ customer: String, _ bench: FaultBench) throws -> [JSON?] {
    let meter = try bench.objects("billing/meters").first { $0["event_name"] == "ai_requests" }
    let now = Timestamp.systemNow().seconds
    let hour = 3600 as Int64
    let sums = try bench.objects(
      """
      billing/meters/\(meter?["id"]?.string ?? "-")/event_summaries?customer=\(customer)\
      &start_time=\((now / hour - 1) * hour)&end_time=\((now / hour + 2) * hour)
      """)
    return sums.map { $0["aggregated_value"] }
  }
}
