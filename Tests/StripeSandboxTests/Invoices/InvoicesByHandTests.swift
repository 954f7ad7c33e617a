import Basics
import Testing

@testable import StripeSandbox

/// Invoices that are made, changed, deleted and sent by hand.
@Suite struct InvoicesByHandTests {
  /// The story that Stripe recorded: an empty draft, an item with a coupon, and its payment.
  @Test(.tags(.unit)) func draftItemAndPayment() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    _ = world.stripe.post("/v1/coupons", "id=HALF&percent_off=50&duration=forever")
    let count = try world.eventCount()
    let draft = world.stripe.post("/v1/invoices", "customer=\(customer)")
    #expect(draft["status"] == "draft")
    #expect(draft["auto_advance"] == false)
    #expect(draft["automatically_finalizes_at"] == .null)
    #expect(draft["billing_reason"] == "manual")
    #expect(draft["parent"] == .null)
    #expect(draft["currency"] == "usd")
    #expect(draft["period_start"] == .time(TestSandbox.start))
    #expect(draft["rendering", "pdf", "page_size"] == "auto")
    let item = world.stripe.post(
      "/v1/invoiceitems",
      "customer=\(customer)&invoice=\(draft.id)&amount=1900&discounts[0][coupon]=HALF")
    #expect(item["amount"] == 1900)
    #expect(item["description"] == .null)
    #expect(item["discountable"] == true)
    #expect(item["pricing", "unit_amount_decimal"] == "1900")
    #expect(item["parent"] == .null)
    let paid = world.stripe.post("/v1/invoices/\(draft.id)/pay")
    #expect(paid["status"] == "paid")
    #expect(paid["subtotal"] == 950)
    #expect(paid["total"] == 950)
    #expect(paid["amount_paid"] == 950)
    #expect(paid["discounts"] == [])
    #expect(paid["lines", "data", "0", "amount"] == 1900)
    #expect(paid["lines", "data", "0", "discounts"] == item["discounts"])
    #expect(paid["total_discount_amounts", "0", "amount"] == 950)
    #expect(paid["rendering", "pdf", "page_size"] == "letter")
    let intent = world.stripe.get("/v1/payment_intents")["data", "0"]
    #expect(intent?["description"] == "Payment for Invoice")
    #expect(intent?["payment_details"] == .null)
    #expect(intent?["setup_future_usage"] == .null)
    #expect(
      try world.events(after: count) == [
        "invoice.created", "invoiceitem.created", "invoice.updated", "invoice.finalized",
        "payment_intent.created", "charge.succeeded", "payment_intent.succeeded",
        "invoice_payment.paid", "invoice.paid", "invoice.payment_succeeded",
      ])
    #expect(world.sumFaults() == [])
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func nothingToPay() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    let draft = world.stripe.post("/v1/invoices", "subscription=\(subscription.id)")
    #expect(
      draft["parent", "subscription_details", "subscription"] == .string(subscription.id))
    let paid = world.stripe.post("/v1/invoices/\(draft.id)/pay")
    #expect(paid["status"] == "paid")
    #expect(paid["attempted"] == true)
    #expect(paid["attempt_count"] == 0)
    #expect(paid["amount_due"] == 0)
  }

  @Test(.tags(.unit)) func whatWaitsIsTakenWhereAsked() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    let subscription = world.subscribe(customer)
    let item = { (more: String) in
      world.stripe.post("/v1/invoiceitems", "customer=\(customer)&\(more)").id
    }
    let own = item("amount=300")
    let other = item("amount=400&subscription=\(subscription.id)")
    _ = item("amount=500&currency=usd")
    #expect(world.stripe.post("/v1/invoices", "customer=\(customer)").lineTexts == [])
    let whole = world.stripe.post(
      "/v1/invoices", "customer=\(customer)&pending_invoice_items_behavior=include")
    #expect(whole.lineTexts == ["300 ", "400 ", "500 "])
    #expect(world.stripe.get("/v1/invoiceitems", "pending=true").ids == [])
    #expect(world.stripe.get("/v1/invoiceitems/\(own)")["invoice"] == .string(whole.id))
    #expect(
      world.stripe.post(
        "/v1/invoices", "customer=\(customer)&pending_invoice_items_behavior=include"
      ).error
        == """
        400 invalid_request_error invoice_no_customer_line_items -: Nothing to invoice for customer
        """)
    // A draft that is deleted gives back what had waited.
    #expect(world.stripe.delete("/v1/invoices/\(whole.id)")["deleted"] == true)
    #expect(world.stripe.get("/v1/invoiceitems", "pending=true").ids.count == 3)
    #expect(world.stripe.get("/v1/invoiceitems/\(other)")["invoice"] == .null)
    #expect(world.stripe.get("/v1/invoices/\(whole.id)").status == 404)
  }

  @Test(.tags(.unit)) func sentWithADueDate() throws {
    let world = try MoneyWorld()
    let customer = world.customer(nil)
    let draft = world.stripe.post(
      "/v1/invoices",
      """
      customer=\(customer)&collection_method=send_invoice&days_until_due=10&auto_advance=true&\
      description=For%20you&metadata[a]=b&footer=Bye
      """)
    #expect(draft["automatically_finalizes_at"] == .time(TestSandbox.start + 3600))
    #expect(draft["description"] == "For you")
    #expect(draft["metadata"] == ["a": "b"])
    #expect(draft["footer"] == "Bye")
    _ = world.stripe.post("/v1/invoiceitems", "invoice=\(draft.id)&amount=5000")
    let count = try world.eventCount()
    let sent = world.stripe.post("/v1/invoices/\(draft.id)/send")
    #expect(sent["status"] == "open")
    #expect(sent["due_date"] == .time(TestSandbox.start + 864_000))
    #expect(
      try world.events(after: count) == [
        "invoice.finalized", "payment_intent.created", "invoice.sent",
      ])
    let due = TestSandbox.start.seconds + 864_000
    #expect(world.stripe.get("/v1/invoices", "due_date[lte]=\(due)").ids == [draft.id])
    #expect(world.stripe.get("/v1/invoices", "due_date[gt]=\(due)").ids == [])
    #expect(world.stripe.get("/v1/invoices", "due_date=\(due)&status=open").ids == [draft.id])
    #expect(world.stripe.get("/v1/invoices", "due_date=\(due)&status=paid").ids == [])
  }

  @Test(.tags(.unit)) func draftsChangeAndIssuedOnesHardly() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    _ = world.stripe.post("/v1/coupons", "id=TEN&amount_off=1000&currency=usd&duration=forever")
    let draft = world.stripe.post("/v1/invoices", "customer=\(customer)").id
    _ = world.stripe.post("/v1/invoiceitems", "invoice=\(draft)&amount=3000")
    let path = "/v1/invoices/\(draft)"
    let discounted = world.stripe.post(
      path, "discounts[0][coupon]=TEN&auto_advance=true&description=D")
    #expect(discounted["total"] == 2000)
    #expect(discounted["automatically_finalizes_at"] == .time(TestSandbox.start + 3600))
    let event = try #require(try world.stripe.events().last)
    #expect(event["type"] == "invoice.updated")
    #expect(event[at: "data", "previous_attributes", "total"] == 3000)
    let halted = world.stripe.post(path, "discounts=&auto_advance=false")
    #expect(halted["total"] == 3000)
    #expect(halted["automatically_finalizes_at"] == .null)
    #expect(world.stripe.post("\(path)/finalize")["status"] == "open")
    #expect(
      world.stripe.post(path, "description=E").error
        == """
        400 invalid_request_error invoice_not_editable -: Finalized invoices can't be updated in \
        this way
        """)
    #expect(world.stripe.post(path, "metadata[a]=b&auto_advance=true")["metadata"] == ["a": "b"])
    #expect(
      world.stripe.delete(path).error
        == "400 invalid_request_error invoice_not_editable -: You can only delete draft invoices.")
    #expect(
      world.stripe.post("\(path)/send").error.hasSuffix(
        "You can only manually send an invoice if its collection method is 'send_invoice'."))
    #expect(world.sumFaults() == [])
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("", "parameter_missing customer"), ("customer=cus_x", "resource_missing customer"),
      ("subscription=sub_x", "resource_missing subscription"),
      ("CUSTOMER&days_until_due=3", "- days_until_due"),
      ("CUSTOMER&due_date=1895168800", "- due_date"),
      ("CUSTOMER&collection_method=send_invoice", "parameter_missing due_date"),
      ("CUSTOMER&collection_method=send_invoice&due_date=5", "- due_date"),
      (
        "CUSTOMER&collection_method=send_invoice&due_date=1895168800&days_until_due=3",
        "parameters_exclusive due_date"
      ),
      ("CUSTOMER&automatically_finalizes_at=5", "- automatically_finalizes_at"),
      ("CUSTOMER&currency=xxx", "- currency"),
      ("CUSTOMER&discounts[0][coupon]=no", "resource_missing discounts[0][coupon]"),
      ("CUSTOMER&default_payment_method=pm_x", "resource_missing default_payment_method"),
      (
        "CUSTOMER&from_invoice[action]=revision&from_invoice[invoice]=in_x",
        "parameter_unsupported from_invoice"
      ),
    ])
  func refused(_ form: String, _ expected: String) throws {
    let world = try MoneyWorld()
    let customer = "customer=\(world.customer())"
    let answer = world.stripe.post(
      "/v1/invoices",
      form.split(separator: "CUSTOMER", omittingEmptySubsequences: false)
        .joined(separator: customer))
    #expect(answer.error.hasPrefix("400 invalid_request_error \(expected): "), "\(answer.error)")
    #expect(world.stripe.get("/v1/invoices").ids == [])
  }
}
