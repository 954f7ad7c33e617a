import Basics
import Testing

@testable import StripeSandbox

@Suite struct MeterEventSummariesTests {
  /// 2026-11-20T00:00:00Z.
  private let midnight = TestSandbox.start.seconds / 86_400 * 86_400

  @Test(.tags(.unit)) func ofAWholeTime() throws {
    let world = try UsageWorld()
    let (customer, other) = (world.money.customer(), world.money.customer())
    world.use("5", of: customer)
    world.use("-2", of: customer, "timestamp=\(midnight)")
    world.use("100", of: customer, "timestamp=\(midnight - 1)")
    world.use("9", of: other)
    let list = world.summaries(customer)
    #expect(list.ids.count == 1)
    let summary = try #require(list.body[at: "data", "0"])
    #expect(summary["aggregated_value"] == 3)
    #expect(summary["meter"] == .string(world.meter))
    #expect(summary["start_time"] == .integer(midnight))
    #expect(summary["end_time"] == .integer(midnight + 86_400))
    #expect(world.summaries(customer).body == list.body)
    #expect(world.used(by: world.money.customer()) == 0)
  }

  @Test(.tags(.unit)) func byTheHour() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    for (hour, value) in [(0, 1), (0, 2), (2, 4), (5, 8)] {
      world.use("\(value)", of: customer, "timestamp=\(midnight + Int64(hour) * 3600 + 59)")
    }
    let list = world.summaries(customer, "value_grouping_window=hour")
    let texts = { (list: Answer) in
      (list["data"]?.array ?? []).map { summary in
        let hours = ["start_time", "end_time"].map {
          ((summary[$0]?.integer ?? 0) - midnight) / 3600
        }
        return "\(hours[0])-\(hours[1]): \(summary["aggregated_value"]?.integer ?? -1)"
      }
    }
    #expect(texts(list) == ["5-6: 8", "2-3: 4", "0-1: 3"])
    let page = world.summaries(customer, "value_grouping_window=hour&limit=1")
    #expect(page["has_more"] == true)
    let rest = world.summaries(
      customer, "value_grouping_window=hour&starting_after=\(page.ids[0])")
    #expect(texts(rest) == ["2-3: 4", "0-1: 3"])
    #expect(texts(world.summaries(customer, "value_grouping_window=day")) == ["0-24: 15"])
  }

  @Test(.tags(.unit)) func countAndLast() throws {
    for (formula, expected) in [("count", Int64(3)), ("last", 4)] {
      let world = try UsageWorld(formula: formula)
      let customer = world.money.customer()
      world.use("4", of: customer)
      world.use("7", of: customer, "timestamp=\(midnight + 60)")
      world.use("9", of: customer, "timestamp=\(midnight + 120)")
      #expect(world.used(by: customer) == .integer(expected))
    }
  }

  @Test(.tags(.unit)) func theLastOfEachHourStandsForIt() throws {
    let world = try UsageWorld(meter: "event_time_window=hour")
    let customer = world.money.customer()
    for (second, value) in [(0, 1), (3599, 2), (60, 4), (3600, 8)] {
      world.use("\(value)", of: customer, "timestamp=\(midnight + Int64(second))")
    }
    #expect(world.used(by: customer) == 10)
  }

  @Test(.tags(.unit)) func ofTwoAtTheSameMomentTheLaterCounts() throws {
    let world = try UsageWorld(formula: "last")
    let customer = world.money.customer()
    world.use("4", of: customer)
    world.use("3", of: customer)
    #expect(world.used(by: customer) == 3)
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("start_time=60&end_time=120", "customer"),
      ("customer=cus_x&start_time=60&end_time=120", "customer"),
      ("customer=CUSTOMER&start_time=61&end_time=120", "start_time"),
      ("customer=CUSTOMER&start_time=60&end_time=121", "end_time"),
      ("customer=CUSTOMER&start_time=120&end_time=120", "end_time"),
      ("customer=CUSTOMER&start_time=0&end_time=120&value_grouping_window=hour", "end_time"),
      ("customer=CUSTOMER&start_time=3600&end_time=86400&value_grouping_window=day", "start_time"),
    ])
  func wrongParameters(_ query: String, _ parameter: String) throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    let answer = world.stripe.get(
      "/v1/billing/meters/\(world.meter)/event_summaries",
      query.replacing("CUSTOMER", with: customer))
    #expect(answer.status == 400)
    #expect(answer["error", "param"]?.string == parameter)
  }
}
