import Basics
import Testing

@testable import StripeSandbox

/// Whether what a preview shows is what then comes, to the last cent.
@Suite struct InvoicePreviewTests {
  /// What two invoices must have in common: all but their ids and their state.
  private static func figures(_ invoice: Answer) -> [String] {
    let amounts = ["subtotal", "total", "amount_due", "starting_balance", "currency"]
    let taken = invoice["total_discount_amounts"]?.array?.map { $0["amount"]?.compact ?? "" } ?? []
    let lines = invoice["lines", "data"]?.array ?? []
    return ["billing_reason", "period_start", "period_end"].map { invoice[$0]?.compact ?? "" }
      + amounts.map { "\($0) \(invoice[$0]?.compact ?? "")" } + taken
      + lines.map { line in
        ["amount", "description", "quantity", "discountable", "period", "pricing"]
          .map { line[$0]?.compact ?? "" }.joined(separator: " ")
      }
  }

  /// Changes of a subscription to one month's price, as they are asked for.
  private static let changes = [
    "items[0][id]=ITEM&items[0][quantity]=5",
    "items[0][id]=ITEM&items[0][quantity]=0",
    "items[0][id]=ITEM&items[0][price]=TEAM&items[0][quantity]=3",
    "items[0][id]=ITEM&items[0][price]=FREE",
    "items[0][id]=ITEM&items[0][price]=YEAR",
    "items[0][price]=TEAM&items[0][quantity]=2",
    "items[0][id]=ITEM&items[0][deleted]=true&items[1][price]=TEAM",
    "billing_cycle_anchor[type]=now",
    "items[0][id]=ITEM&items[0][price]=YEAR&billing_cycle_anchor[type]=now",
    "trial_end=SOON",
  ]

  private static func world(_ currency: String) throws -> (MoneyWorld, [String: String]) {
    let world = try MoneyWorld()
    func price(_ amount: Int, _ interval: String = "month") -> String {
      world.stripe.post(
        "/v1/prices",
        """
        product=\(world.product)&currency=\(currency)&unit_amount=\(amount)&\
        recurring[interval]=\(interval)
        """
      ).id
    }
    for coupon in [
      "id=PERCENT&percent_off=33.3&duration=forever",
      "id=AMOUNT&amount_off=701&currency=\(currency)&duration=repeating&duration_in_months=5",
      "id=ONCE&percent_off=10&duration=once",
    ] {
      _ = world.stripe.post("/v1/coupons", coupon)
    }
    let prices = [
      "MONTH": price(1999), "TEAM": price(4901), "FREE": price(0), "YEAR": price(19_999, "year"),
    ]
    return (world, prices)
  }

  @Test(
    .tags(.unit),
    arguments: changes, ["create_prorations", "always_invoice", "none"])
  func isEqualToTheChange(_ change: String, _ behavior: String) throws {
    for (currency, mode, discount, isDated) in [
      ("usd", "flexible", "", false), ("usd", "classic", "PERCENT", true),
      ("usd", "flexible", "PERCENT", true), ("usd", "flexible", "AMOUNT", false),
      ("usd", "classic", "AMOUNT", true), ("jpy", "flexible", "AMOUNT", true),
      ("jpy", "flexible", "ONCE", false), ("jpy", "classic", "", false),
    ] {
      let (world, prices) = try Self.world(currency)
      let subscription = world.subscribe(
        world.customer(),
        """
        items[0][price]=\(prices["MONTH"] ?? "")&items[0][quantity]=2&billing_mode[type]=\(mode)
        """)
      if !discount.isEmpty {
        _ = world.update(subscription.id, "discounts[0][coupon]=\(discount)")
      }
      world.stripe.wait(seconds: 1_234_567)
      let now = TestSandbox.start + 1_234_567
      var words = prices
      words["ITEM"] = subscription.item["id"]?.string
      words["SOON"] = String((now + 1_000_000).seconds)
      var asked = "\(change)&proration_behavior=\(behavior)"
      if isDated { asked += "&proration_date=\((TestSandbox.start + 777_777).seconds)" }
      for (word, value) in words { asked = asked.replacing(word, with: value) }
      try check(asked, on: subscription, world, "\(currency) \(mode) \(discount) \(asked)")
    }
  }

  private func check(
    _ asked: String, on subscription: Answer, _ world: MoneyWorld, _ comment: Comment
  ) throws {
    let before = world.stripe.get("/v1/subscriptions/\(subscription.id)").body
    let count = try world.eventCount()
    let details = asked.split(separator: "&").map { pair -> String in
      let parts = pair.split(separator: "=", maxSplits: 1)
      let name = parts[0].prefix { $0 != "[" }
      let value = parts.count > 1 ? parts[1] : ""
      return "subscription_details[\(name)]\(parts[0].dropFirst(name.count))=\(value)"
    }
    let preview = world.checked(
      world.stripe.post(
        "/v1/invoices/create_preview",
        "subscription=\(subscription.id)&\(details.joined(separator: "&"))"))
    #expect(preview.id.hasPrefix("upcoming_in_"), comment)
    #expect(preview["status"] == "draft", comment)
    // Nothing is left of it.
    #expect(try world.eventCount() == count, comment)
    #expect(world.stripe.get("/v1/subscriptions/\(subscription.id)").body == before, comment)
    #expect(world.stripe.get("/v1/invoiceitems").ids == [], comment)

    var changed = world.update(subscription.id, asked)
    #expect(changed.status == 200, comment)
    if preview["billing_reason"] == "subscription_cycle" {
      let end = Timestamp(changed.item["current_period_end"]?.integer ?? 0)
      world.stripe.wait(seconds: end - (TestSandbox.start + 1_234_567))
      changed = world.stripe.get("/v1/subscriptions/\(subscription.id)")
    }
    #expect(changed["latest_invoice"] != before["latest_invoice"], comment)
    #expect(Self.figures(preview) == Self.figures(world.latestInvoice(changed)), comment)
  }
}

// MARK: Other previews

extension InvoicePreviewTests {
  @Test(.tags(.unit)) func ofTheNextPeriod() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    let preview = world.checked(
      world.stripe.post(
        "/v1/invoices/create_preview", "customer=\(subscription["customer"]?.string ?? "")"))
    let end = subscription.item["current_period_end"]
    #expect(preview.lineTexts == ["1900 1 user × Pro (at $19.00 / month)"])
    #expect(preview["billing_reason"] == "subscription_cycle")
    #expect(preview["created"] == end)
    #expect(preview["period_end"] == end)
    #expect(preview["next_payment_attempt"]?.integer == (end?.integer ?? 0) + 3600)
    let line = preview["lines", "data", "0"]
    #expect(line?["id"]?.string?.hasPrefix("il_tmp_") == true)
    #expect(line?["invoice"] == .string(preview.id))
    #expect(world.stripe.get("/v1/invoices/\(preview.id)").status == 404)
  }

  @Test(.tags(.unit)) func ofASubscriptionThatIsNotMade() throws {
    let world = try MoneyWorld()
    let customer = world.customer(nil)
    let asked = "items[0][price]=\(world.monthly)&items[0][quantity]=2"
    let preview = world.checked(
      world.stripe.post(
        "/v1/invoices/create_preview",
        """
        customer=\(customer)&subscription_details[items][0][price]=\(world.monthly)&\
        subscription_details[items][0][quantity]=2
        """))
    #expect(preview["billing_reason"] == "subscription_create")
    #expect(preview["amount_due"] == 3800)
    #expect(world.stripe.get("/v1/subscriptions", "status=all").ids == [])
    #expect(world.stripe.get("/v1/customers/\(customer)")["currency"] == .null)
    let made = world.subscribe(customer, "\(asked)&payment_behavior=default_incomplete")
    #expect(Self.figures(preview) == Self.figures(world.latestInvoice(made)))
    let trial = world.checked(
      world.stripe.post(
        "/v1/invoices/create_preview",
        """
        customer=\(customer)&subscription_details[items][0][price]=\(world.monthly)&\
        subscription_details[trial_end]=\((TestSandbox.start + 86_400).seconds)
        """))
    #expect(trial.lineTexts == ["0 Free trial for 1 user × Pro"])
    let anchored = world.checked(
      world.stripe.post(
        "/v1/invoices/create_preview",
        """
        customer=\(customer)&subscription_details[items][0][price]=\(world.monthly)&\
        subscription_details[billing_cycle_anchor][type]=timestamp&\
        subscription_details[billing_cycle_anchor][timestamp]=\
        \((TestSandbox.start + 15 * 86_400).seconds)
        """))
    // 15 of 30 days of $19.00.
    #expect(anchored.lineTexts == ["950 Remaining time on Pro after 20 Nov 2026"])
  }

  @Test(.tags(.unit)) func ofWhatReturns() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: 86_400)
    let change = """
      subscription=\(subscription.id)&\
      subscription_details[items][0][id]=\(subscription.item["id"]?.string ?? "")&\
      subscription_details[items][0][quantity]=3&\
      subscription_details[proration_behavior]=always_invoice
      """
    let next = world.checked(world.stripe.post("/v1/invoices/create_preview", change))
    #expect(
      next.lineTexts == [
        "-1837 Unused time on Pro after 21 Nov 2026",
        "5510 Remaining time on 3 × Pro after 21 Nov 2026",
      ])
    let recurring = world.checked(
      world.stripe.post("/v1/invoices/create_preview", "\(change)&preview_mode=recurring"))
    #expect(recurring.lineTexts == ["5700 3 user × Pro (at $19.00 / month)"])
  }

  @Test(.tags(.unit)) func withMoreToBill() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    let waiting = world.stripe.post(
      "/v1/invoiceitems",
      "subscription=\(subscription.id)&amount=500&currency=usd&description=Help"
    ).id
    let preview = world.checked(
      world.stripe.post(
        "/v1/invoices/create_preview",
        """
        subscription=\(subscription.id)&invoice_items[0][unit_amount]=250&\
        invoice_items[0][quantity]=2&invoice_items[0][currency]=usd&\
        invoice_items[0][description]=More&invoice_items[1][invoiceitem]=\(waiting)&\
        invoice_items[1][amount]=700
        """))
    #expect(
      preview.lineTexts == ["700 Help", "500 More", "1900 1 user × Pro (at $19.00 / month)"])
    #expect(world.stripe.get("/v1/invoiceitems/\(waiting)")["amount"] == 500)
    #expect(world.stripe.get("/v1/invoiceitems").ids == [waiting])
    let refused = world.stripe.post(
      "/v1/invoices/create_preview",
      "subscription=\(subscription.id)&invoice_items[0][price]=price_x")
    #expect(refused["error", "message"] == "No such price: 'price_x'")
  }

  @Test(.tags(.unit)) func ofAnEnd() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: 15 * 86_400)
    let path = "/v1/invoices/create_preview"
    let canceled = world.checked(
      world.stripe.post(
        path, "subscription=\(subscription.id)&subscription_details[cancel_now]=true"))
    #expect(canceled.lineTexts == ["-950 Unused time on Pro after 05 Dec 2026"])
    let none =
      "404 invalid_request_error invoice_upcoming_none -: No upcoming invoices for customer"
    let atEnd = world.stripe.post(
      path, "subscription=\(subscription.id)&subscription_details[cancel_at_period_end]=true")
    #expect(atEnd.error.hasPrefix(none))
    #expect(world.stripe.get("/v1/subscriptions/\(subscription.id)")["status"] == "active")
    _ = world.stripe.delete("/v1/subscriptions/\(subscription.id)")
    #expect(world.stripe.post(path, "subscription=\(subscription.id)").error.hasPrefix(none))
  }

  @Test(.tags(.unit)) func refused() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    let (other, path) = (world.customer(), "/v1/invoices/create_preview")
    let of = "subscription=\(subscription.id)"
    let cases = [
      (
        "",
        "-: You must either provide a `customer` or a `subscription` to the upcoming invoice "
          + "endpoint."
      ),
      ("\(of)&customer=\(other)", "subscription: No such subscription: '\(subscription.id)'"),
      (
        "\(of)&subscription_details[items][0][price]=price_x",
        "subscription_details[items][0][price]: No such price: 'price_x'"
      ),
      (
        "\(of)&schedule_details[end_behavior]=release",
        """
        schedule_details: The sandbox does not offer the parameter schedule_details of this \
        operation yet.
        """
      ),
      (
        "\(of)&subscription_details[default_tax_rates][0]=txr_1",
        """
        subscription_details[default_tax_rates]: The sandbox does not offer the parameter \
        subscription_details[default_tax_rates] of this operation yet.
        """
      ),
    ]
    for (parameters, end) in cases {
      let refusal = world.stripe.post(path, parameters)
      #expect(refusal.error.hasSuffix(end), "\(refusal.error)")
    }
  }
}
