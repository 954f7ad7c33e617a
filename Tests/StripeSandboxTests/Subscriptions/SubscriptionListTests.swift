import Basics
import Testing

@testable import StripeSandbox

@Suite struct SubscriptionListTests {
  @Test(.tags(.unit)) func filters() throws {
    let world = try MoneyWorld()
    let (one, other) = (world.customer(), world.customer("pm_card_chargeCustomerFail"))
    let active = world.subscribe(one).id
    let yearly = world.subscribe(one, "items[0][price]=\(world.yearly)").id
    let incomplete = world.subscribe(other).id
    let expired = world.subscribe(other).id
    let canceled = world.subscribe(one).id
    #expect(world.stripe.delete("/v1/subscriptions/\(canceled)")["status"] == "canceled")
    #expect(world.stripe.delete("/v1/subscriptions/\(expired)")["status"] == "incomplete_expired")
    let list = { (filter: String) in
      world.checked(world.stripe.get("/v1/subscriptions", filter)).ids
    }
    #expect(list("") == [expired, incomplete, yearly, active])
    #expect(list("status=all").count == 5)
    #expect(list("status=ended") == [canceled, expired])
    #expect(list("status=incomplete") == [incomplete])
    #expect(list("customer=\(one)") == [yearly, active])
    #expect(list("price=\(world.yearly)") == [yearly])
    let start = TestSandbox.start.seconds
    #expect(list("current_period_end[gt]=\(start + 40 * 86_400)") == [yearly])
    #expect(list("current_period_start=\(start)&customer=\(one)&limit=1") == [yearly])
    #expect(
      list("current_period_start[gte]=\(start)&customer=\(one)&starting_after=\(yearly)")
        == [active])
    #expect(
      list("current_period_start[lte]=\(start)&customer=\(one)&ending_before=\(active)")
        == [yearly])
    #expect(list("current_period_start[lt]=\(start)") == [])
    #expect(
      world.stripe.get("/v1/subscriptions", "current_period_start[lt]=5&starting_after=sub_x")
        .status == 400)
    #expect(list("created[gt]=\(start)") == [])
  }

  @Test(.tags(.unit)) func expanded() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    let shown = world.checked(
      world.stripe.get(
        "/v1/subscriptions/\(subscription.id)",
        """
        expand[]=customer&expand[]=latest_invoice.confirmation_secret&\
        expand[]=latest_invoice.payments&expand[]=items.data.price.product
        """))
    #expect(shown["customer", "object"] == "customer")
    #expect(shown.item["price"]?["product"]?["name"] == "Pro")
    let payment = try #require(shown["latest_invoice", "payments", "data", "0"])
    #expect(payment["status"] == "paid")
    let secret = shown["latest_invoice", "confirmation_secret", "client_secret"]?.string
    #expect(secret?.hasPrefix("pi_") == true)
    let id = payment["id"]?.string ?? ""
    #expect(world.checked(world.stripe.get("/v1/invoice_payments/\(id)")).body == payment)
    let intent = payment[at: "payment", "payment_intent"]?.string ?? ""
    #expect(
      world.stripe.get(
        "/v1/invoice_payments",
        "payment[type]=payment_intent&payment[payment_intent]=\(intent)&status=paid"
      ).ids == [id])
  }

  /// What a widely used client asks for with every call.
  @Test(.tags(.unit)) func expandedAsClientsDo() throws {
    let world = try MoneyWorld()
    _ = world.stripe.post("/v1/coupons", "id=HALF&percent_off=50&duration=forever")
    let expansions = [
      "default_payment_method", "discounts", "latest_invoice.confirmation_secret",
      "latest_invoice.payments", "latest_invoice.total_discount_amounts.discount",
      "pending_setup_intent", "schedule",
    ].map { "expand[]=\($0)" }.joined(separator: "&")
    let subscription = world.subscribe(
      world.customer(), "discounts[0][coupon]=HALF&\(expansions)")
    #expect(subscription["discounts", "0", "source", "coupon"] == "HALF")
    let taken = subscription["latest_invoice", "total_discount_amounts", "0"]
    #expect(taken?["amount"] == 950)
    #expect(taken?["discount"]?["object"] == "discount")
    let payment = subscription["latest_invoice", "payments", "data", "0", "payment"]
    let intent = world.stripe.get(
      "/v1/payment_intents/\(payment?["payment_intent"]?.string ?? "")",
      """
      expand[]=latest_charge.balance_transaction&expand[]=latest_charge.payment_intent&\
      expand[]=latest_charge.refunds.data.balance_transaction
      """)
    #expect(intent["latest_charge", "payment_intent", "id"] == .string(intent.id))
    #expect(intent["latest_charge", "refunds", "data"] == [])
    let invoice = world.stripe.get(
      "/v1/invoices/\(subscription["latest_invoice", "id"]?.string ?? "")",
      "expand[]=total_discount_amounts.discount.source.coupon")
    let coupon = invoice["total_discount_amounts", "0", "discount", "source", "coupon"]
    #expect(coupon?["percent_off"] == 50)
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("5", 5, true), ("5", 6, false), ("{\"gt\":4}", 5, true), ("{\"gt\":5}", 5, false),
      ("{\"gte\":5,\"lt\":6}", 5, true), ("{\"lte\":4}", 5, false),
    ] as [(String, Int64, Bool)])
  func momentsSatisfyFilters(_ filter: String, _ moment: Int64, _ expected: Bool) throws {
    #expect(Subscriptions.lies(moment, in: try JSON(parsing: filter)) == expected)
    #expect(Subscriptions.lies(moment, in: nil))
    #expect(!Subscriptions.lies(nil, in: 5))
  }

  @Test(.tags(.unit)) func invoicesAreListed() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    let subscription = world.subscribe(customer)
    let second = world.subscribe(customer)
    let ids = [second, subscription].compactMap { $0["latest_invoice"]?.string }
    #expect(world.checked(world.stripe.get("/v1/invoices", "customer=\(customer)")).ids == ids)
    #expect(world.stripe.get("/v1/invoices", "subscription=\(second.id)").ids == [ids[0]])
    #expect(world.stripe.get("/v1/invoices", "status=open").ids == [])
    #expect(world.stripe.get("/v1/invoices", "due_date=5").ids == [])
    #expect(world.invoice(ids[0])["number"]?.string?.hasSuffix("-0002") == true)
  }
}
