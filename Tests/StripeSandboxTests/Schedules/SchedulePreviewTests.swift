import Basics
import Testing

@testable import StripeSandbox

/// The next invoice of a subscription that a schedule changes by then.
@Suite struct SchedulePreviewTests {
  private static func figures(_ invoice: Answer) -> [String] {
    ["\(invoice["total"]?.compact ?? "-") \(invoice["billing_reason"]?.compact ?? "-")"]
      + invoice.lineTexts
  }

  /// A cheaper price, and one of another interval: what is shown is what comes, and nothing is kept.
  @Test(.tags(.unit), arguments: [false, true]) func isWhatComes(changesInterval: Bool) throws {
    let world = try ScheduleWorld()
    let subscription = world.world.subscribe(world.world.customer())
    let made = world.post("", "from_subscription=\(subscription.id)")
    let start = made["phases", "0", "start_date"]?.integer ?? 0
    let price = changesInterval ? world.world.yearly : world.basic
    _ = world.post(
      "/\(made.id)",
      """
      phases[0][start_date]=\(start)&phases[0][end_date]=\(ScheduleWorld.renewal.seconds)&\
      phases[0][items][0][price]=\(world.world.monthly)&phases[0][items][0][quantity]=1&\
      phases[1][items][0][price]=\(price)&phases[1][items][0][quantity]=2&\
      phases[1][proration_behavior]=none
      """)
    let count = try world.world.eventCount()
    let preview = world.stripe.post("/v1/invoices/create_preview", "schedule=\(made.id)")
    #expect(preview["status"] == "draft")
    #expect(try world.world.eventCount() == count)
    #expect(world.subscription(subscription.id)["latest_invoice"] == subscription["latest_invoice"])
    world.stripe.wait(seconds: ScheduleWorld.renewal - TestSandbox.start + 60)
    let invoice = world.world.latestInvoice(world.subscription(subscription.id))
    #expect(Self.figures(preview) == Self.figures(invoice))
    #expect(preview.lineTexts.count == 1)
  }

  @Test(.tags(.unit)) func namesAScheduleOrASubscription() throws {
    let world = try ScheduleWorld()
    let (subscription, schedule) = world.downgrade()
    let both = world.stripe.post(
      "/v1/invoices/create_preview", "schedule=\(schedule.id)&subscription=\(subscription.id)")
    #expect(both.status == 400)
    #expect(
      both["error", "message"]
        == "You may only specify one of these parameters: schedule, subscription.")
    let unknown = world.stripe.post("/v1/invoices/create_preview", "schedule=sub_sched_0")
    #expect(unknown["error", "code"] == "resource_missing")
  }
}
