import Basics
import Testing

@testable import StripeSandbox

@Suite struct UsageRecordsTests {
  /// A sandbox with a metered price without a meter, as versions before basil know it.
  private struct World {
    let money: MoneyWorld
    let price: String

    init(_ rule: String = "sum") throws {
      money = try MoneyWorld()
      let product = money.stripe.post("/v1/products", "name=API&unit_label=call").id
      price =
        Self.send(
          money.stripe, "POST", "/v1/prices",
          """
          product=\(product)&currency=usd&unit_amount=10&recurring[interval]=month\
          &recurring[usage_type]=metered&recurring[aggregate_usage]=\(rule)
          """
        ).id
    }

    static func send(
      _ stripe: TestSandbox, _ method: String, _ target: String, _ parameters: String = ""
    ) -> Answer {
      stripe.send(
        method, target, parameters, headers: [("Stripe-Version", "2024-11-20.acacia")],
        isChecked: false)
    }

    func subscribe(_ customer: String) -> Answer {
      money.subscribe(customer, "items[0][price]=\(price)")
    }

    func report(_ quantity: Int, to subscription: Answer, _ more: String = "") -> Answer {
      let item = subscription.item["id"]?.string ?? ""
      return Self.send(
        money.stripe, "POST", "/v1/subscription_items/\(item)/usage_records",
        "quantity=\(quantity)\(more.isEmpty ? "" : "&\(more)")")
    }

    func summaries(of subscription: Answer, _ query: String = "") -> Answer {
      let item = subscription.item["id"]?.string ?? ""
      return Self.send(
        money.stripe, "GET", "/v1/subscription_items/\(item)/usage_record_summaries", query)
    }

    func invoices(of subscription: Answer) -> [[String]] {
      money.stripe.get("/v1/invoices", "subscription=\(subscription.id)").ids.reversed()
        .map { money.invoice($0).lineTexts }
    }
  }

  @Test(.tags(.unit)) func addAndSet() throws {
    let world = try World()
    let subscription = world.subscribe(world.money.customer())
    let first = world.report(5, to: subscription)
    #expect(
      first.body == [
        "id": .string(first.id), "object": "usage_record", "livemode": false, "quantity": 5,
        "subscription_item": subscription.item["id"] ?? .null,
        "timestamp": .time(TestSandbox.start),
      ])
    #expect(first.id.hasPrefix("mbur_"))
    #expect(world.report(2, to: subscription, "timestamp=now")["quantity"] == 7)
    #expect(world.report(3, to: subscription, "action=set")["quantity"] == 3)
    let later = TestSandbox.start.seconds + 60
    #expect(world.report(4, to: subscription, "timestamp=\(later)&action=set")["quantity"] == 4)
    #expect(world.summaries(of: subscription)["data", "0", "total_usage"] == 7)
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("sum", [90, 0]), ("max", [50, 0]), ("last_during_period", [10, 0]), ("last_ever", [10, 10]),
    ])
  func areBilledByTheRuleOfTheirPrice(_ rule: String, _ expected: [Int]) throws {
    let world = try World(rule)
    let subscription = world.subscribe(world.money.customer())
    for (second, quantity) in [(0, 30), (60, 50), (120, 10)] {
      _ = world.report(
        quantity, to: subscription, "timestamp=\(TestSandbox.start.seconds + Int64(second))")
    }
    world.money.stripe.wait(seconds: 62 * 86_400)
    #expect(
      world.invoices(of: subscription)
        == expected.map { ["\($0 * 10) \($0) call × API (at $0.10 / month)"] })
  }

  @Test(.tags(.unit)) func summariesOfEachPeriod() throws {
    let world = try World()
    let subscription = world.subscribe(world.money.customer())
    _ = world.report(30, to: subscription)
    world.money.stripe.wait(seconds: 31 * 86_400)
    _ = world.report(4, to: subscription)
    let list = world.summaries(of: subscription)
    let end = try #require(subscription.item["current_period_end"])
    let invoice = world.money.stripe.get("/v1/invoices").ids[0]
    let texts = (list["data"]?.array ?? []).map {
      "\($0["total_usage"]?.integer ?? 0) \($0["invoice"]?.string ?? "-")"
    }
    #expect(texts == ["4 -", "30 \(invoice)"])
    #expect(list["data", "0", "period"] == ["end": .null, "start": end])
    #expect(list["data", "1", "period"] == ["end": end, "start": .time(TestSandbox.start)])
    let page = world.summaries(of: subscription, "limit=1")
    #expect(page["has_more"] == true)
    #expect(
      world.summaries(of: subscription, "starting_after=\(page.ids[0])").ids == [list.ids[1]])
  }

  @Test(.tags(.unit)) func lieInTheCurrentPeriod() throws {
    let world = try World()
    let subscription = world.subscribe(world.money.customer())
    let start = TestSandbox.start.seconds
    #expect(
      world.report(1, to: subscription, "timestamp=\(start - 1)").error
        == "400 invalid_request_error - timestamp: Cannot create the usage record with this "
        + "timestamp because timestamps must be after the subscription's last invoice period (or "
        + "current period start time).")
    let end = subscription.item["current_period_end"]?.integer ?? 0
    #expect(
      world.report(1, to: subscription, "timestamp=\(end)").error
        == "400 invalid_request_error - timestamp: Cannot create the usage record with this "
        + "timestamp because timestamps must be before the subscription's current period end time.")
  }

  @Test(.tags(.unit)) func areRefusedWhereTheyDoNotBelong() throws {
    let usage = try UsageWorld()
    let stripe = usage.stripe
    let customer = usage.money.customer()
    let report = { (subscription: Answer) in
      World.send(
        stripe, "POST",
        "/v1/subscription_items/\(subscription.item["id"]?.string ?? "")/usage_records",
        "quantity=1")
    }
    let metered = usage.money.subscribe(customer, "items[0][price]=\(usage.price)")
    let item = metered.item["id"]?.string ?? ""
    #expect(
      report(metered).error
        == "400 invalid_request_error - -: Cannot create a usage record for `\(item)` because it "
        + "is not on the legacy metered billing system. Call /v1/billing/meter_events instead.")
    let licensed = usage.money.subscribe(customer)
    let other = licensed.item["id"]?.string ?? ""
    #expect(
      report(licensed).error
        == "400 invalid_request_error - -: Cannot create a usage record for `\(other)` because "
        + "the usage_type of its price is not `metered`.")
    #expect(
      World.send(stripe, "POST", "/v1/subscription_items/si_x/usage_records", "quantity=1").status
        == 404)
    let world = try World()
    let canceled = world.subscribe(world.money.customer())
    _ = world.money.stripe.delete("/v1/subscriptions/\(canceled.id)")
    #expect(
      world.report(1, to: canceled).error
        == "400 invalid_request_error - -: Cannot create the usage record because the subscription "
        + "has been canceled.")
    #expect(world.report(-1, to: canceled).status == 400)
  }

  @Test(.tags(.unit)) func areGoneSinceBasil() throws {
    let world = try World()
    let subscription = world.subscribe(world.money.customer())
    let path = "/v1/subscription_items/\(subscription.item["id"]?.string ?? "")"
    #expect(
      world.money.stripe.post("\(path)/usage_records", "quantity=1").error
        == "404 invalid_request_error - -: Unrecognized request URL (POST: \(path)/usage_records). "
        + "Please see https://stripe.com/docs or we can help at https://support.stripe.com/.")
    #expect(world.money.stripe.get("\(path)/usage_record_summaries").status == 404)
    #expect(
      world.money.stripe.post(
        "/v1/prices",
        "product=\(world.money.product)&currency=usd&unit_amount=1&recurring[interval]=month"
          + "&recurring[usage_type]=metered"
      )["error", "param"] == "recurring[meter]")
  }

  @Test(.tags(.unit)) func theirRuleIsShownToVersionsThatKnowIt() throws {
    let world = try World("max")
    let path = "/v1/prices/\(world.price)"
    let old = World.send(world.money.stripe, "GET", path)
    #expect(old["recurring", "aggregate_usage"] == "max")
    #expect(world.money.stripe.get(path)["recurring", "aggregate_usage"] == nil)
    let subscription = world.subscribe(world.money.customer())
    let item = World.send(
      world.money.stripe, "GET",
      "/v1/subscription_items/\(subscription.item["id"]?.string ?? "")")
    #expect(item["plan", "aggregate_usage"] == "max")
    #expect(item["price", "recurring", "aggregate_usage"] == "max")
    let refused = World.send(
      world.money.stripe, "POST", "/v1/prices",
      "product=\(world.money.product)&currency=usd&unit_amount=1&recurring[interval]=month"
        + "&recurring[aggregate_usage]=max")
    #expect(refused["error", "param"] == "recurring[aggregate_usage]")
  }
}
