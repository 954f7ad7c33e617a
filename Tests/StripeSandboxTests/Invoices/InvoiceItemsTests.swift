import Basics
import Testing

@testable import StripeSandbox

/// What waits for the next invoice, and how it is said what it costs.
@Suite struct InvoiceItemsTests {
  private struct World {
    let money: MoneyWorld
    let customer: String
    let once: String

    init() throws {
      money = try MoneyWorld()
      customer = money.customer()
      once =
        money.stripe.post(
          "/v1/prices", "product=\(money.product)&currency=usd&unit_amount=700"
        ).id
    }

    func add(_ form: String) -> Answer {
      money.stripe.post("/v1/invoiceitems", "customer=\(customer)&\(form)")
    }
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("amount=1900", "1900 null 1 1900 true"),
      ("amount=-500&description=Sorry", "-500 \"Sorry\" 1 -500 false"),
      ("pricing[price]=ONCE", "700 \"Pro\" 1 700 true"),
      ("pricing[price]=ONCE&quantity=3&description=D", "2100 \"D\" 3 700 true"),
      ("pricing[price]=ONCE&quantity=0", "0 \"Pro\" 0 0 true"),
      ("unit_amount_decimal=0.5&quantity=3&currency=eur", "2 null 3 0.5 true"),
      (
        "price_data[product]=PRODUCT&price_data[currency]=usd&price_data[unit_amount]=250&quantity=2",
        "500 \"Pro\" 2 250 true"
      ),
      ("amount=10&discountable=false", "10 null 1 10 false"),
    ])
  func amounts(_ form: String, _ expected: String) throws {
    let world = try World()
    let filled = form.replacing("ONCE", with: world.once)
      .replacing("PRODUCT", with: world.money.product)
    let item = world.add(filled)
    let shown =
      ["amount", "description", "quantity"].map { item[$0]?.compact ?? "-" } + [
        item["pricing", "unit_amount_decimal"]?.string ?? "-", item["discountable"]?.compact ?? "-",
      ]
    #expect(shown.joined(separator: " ") == expected)
    #expect(item["invoice"] == .null)
    #expect(item["period", "start"] == .time(TestSandbox.start))
    #expect(
      try world.money.stripe.eventTypes().suffix(2) == ["invoiceitem.created", "customer.updated"])
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("", "parameter_missing amount"),
      ("amount=5&pricing[price]=ONCE", "parameters_exclusive amount"),
      ("amount=5&quantity=2", "parameters_exclusive amount"),
      ("pricing[price]=RECURRING", "- pricing[price]"),
      ("pricing[price]=price_x", "resource_missing pricing[price]"),
      ("amount=5&currency=xxx", "- currency"),
      ("amount=9999999999999", "parameter_invalid_integer amount"),
      ("amount=5&invoice=in_x", "resource_missing invoice"),
      ("amount=5&invoice=PAID", "invoice_not_editable -"),
      ("amount=5&subscription=sub_x", "resource_missing subscription"),
      ("amount=5&tax_code=", "parameter_unsupported tax_code"),
      ("amount=5&discounts[0][coupon]=no", "resource_missing discounts[0][coupon]"),
      ("amount=5&period[start]=9&period[end]=3", "- period"),
      ("pricing[price]=ONCE&quantity=-1", "parameter_invalid_integer quantity"),
    ])
  func refused(_ form: String, _ expected: String) throws {
    let world = try World()
    let paid = world.money.subscribe(world.customer)["latest_invoice"]?.string ?? ""
    let answer = world.add(
      form.replacing("ONCE", with: world.once).replacing("PAID", with: paid)
        .replacing("RECURRING", with: world.money.monthly))
    #expect(answer.error.hasPrefix("400 invalid_request_error \(expected): "), "\(answer.error)")
    #expect(world.money.stripe.get("/v1/invoiceitems").ids == [])
  }

  @Test(.tags(.unit)) func oneCurrencyEach() throws {
    let world = try World()
    _ = world.add("amount=5&currency=eur")
    #expect(world.money.stripe.get("/v1/customers/\(world.customer)")["currency"] == "eur")
    #expect(world.add("amount=5").body["currency"] == "eur")
    #expect(
      world.add("amount=5&currency=usd").error
        == """
        400 invalid_request_error - currency: You cannot combine currencies on a single customer. \
        The customer is in eur, the item in usd.
        """)
  }

  /// Items wait until a subscription is billed, whichever that is, or the one they are for.
  @Test(.tags(.unit)) func theNextInvoiceTakesWhatWaits() throws {
    let world = try World()
    let first = world.money.subscribe(world.customer)
    _ = world.add("amount=100&description=A")
    _ = world.add("amount=200&description=B&subscription=\(first.id)")
    let second = world.money.subscribe(world.customer)
    #expect(
      world.money.latestInvoice(second).lineTexts == [
        "100 A", "1900 1 user × Pro (at $19.00 / month)",
      ])
    let changed = world.money.update(
      first.id,
      "items[0][id]=\(first.item["id"]?.string ?? "")&items[0][quantity]=2&"
        + "proration_behavior=always_invoice")
    #expect(
      world.money.latestInvoice(changed).lineTexts == [
        "200 B", "-1900 Unused time on Pro after 20 Nov 2026",
        "3800 Remaining time on 2 × Pro after 20 Nov 2026",
      ])
    #expect(world.money.stripe.get("/v1/invoiceitems", "pending=true").ids == [])
    #expect(world.money.sumFaults() == [])
    try world.money.checkEvents()
  }

  @Test(.tags(.unit)) func aCancellationKeepsWhatIsTheCustomers() throws {
    let world = try World()
    let subscription = world.money.subscribe(world.customer)
    let mine = world.add("amount=100").id
    _ = world.add("amount=200&subscription=\(subscription.id)")
    _ = world.money.stripe.delete("/v1/subscriptions/\(subscription.id)")
    #expect(world.money.stripe.get("/v1/invoiceitems", "pending=true").ids == [mine])
  }

  @Test(.tags(.unit)) func changedAndDeleted() throws {
    let world = try World()
    let stripe = world.money.stripe
    let draft = stripe.post("/v1/invoices", "customer=\(world.customer)").id
    let item = world.add("amount=1000&invoice=\(draft)").id
    let other = world.add("amount=50&invoice=\(draft)").id
    let count = try world.money.eventCount()
    let changed = stripe.post(
      "/v1/invoiceitems/\(item)", "pricing[price]=\(world.once)&quantity=2&metadata[a]=b")
    #expect(changed["amount"] == 1400)
    #expect(changed["metadata"] == ["a": "b"])
    #expect(stripe.post("/v1/invoiceitems/\(item)", "quantity=3&description=X")["amount"] == 2100)
    #expect(stripe.delete("/v1/invoiceitems/\(other)")["deleted"] == true)
    let invoice = world.money.invoice(draft)
    #expect(invoice.lineTexts == ["2100 X"])
    #expect(invoice["total"] == 2100)
    #expect(
      try world.money.events(after: count) == [
        "invoice.updated", "invoice.updated", "invoiceitem.deleted", "invoice.updated",
      ])
    _ = stripe.post("/v1/invoices/\(draft)/finalize")
    for answer in [
      stripe.post("/v1/invoiceitems/\(item)", "amount=5"),
      stripe.delete("/v1/invoiceitems/\(item)"),
    ] {
      #expect(
        answer.error
          == "400 invalid_request_error invoice_not_editable -: Invoice is no longer editable")
    }
    #expect(world.money.sumFaults() == [])
  }
}
