import Basics
import Testing

@testable import StripeSandbox

/// A customer's balance: what changes it, and what it does to invoices.
@Suite struct CustomerBalanceTests {
  private func texts(_ world: MoneyWorld, _ customer: String) -> [String] {
    let list = world.stripe.get("/v1/customers/\(customer)/balance_transactions", "limit=50")
    return (list["data"]?.array ?? []).reversed().map {
      let amounts = "\($0["amount"]?.integer ?? 0) \($0["ending_balance"]?.integer ?? 0)"
      return "\($0["type"]?.string ?? "") \(amounts)"
    }
  }

  /// An invoice by hand of an amount, finalised.
  private func invoice(_ world: MoneyWorld, _ customer: String, _ amount: Int) -> Answer {
    let draft = world.stripe.post("/v1/invoices", "customer=\(customer)").id
    _ = world.stripe.post("/v1/invoiceitems", "invoice=\(draft)&amount=\(amount)")
    return world.stripe.post("/v1/invoices/\(draft)/finalize")
  }

  @Test(.tags(.unit)) func changedByHand() throws {
    let world = try MoneyWorld()
    let customer = world.customer(nil)
    let count = try world.eventCount()
    let path = "/v1/customers/\(customer)/balance_transactions"
    let made = world.stripe.post(
      path, "amount=-500&currency=usd&description=Gift&metadata[a]=b")
    #expect(made["type"] == "adjustment")
    #expect(made["ending_balance"] == -500)
    #expect(made["description"] == "Gift")
    let shown = world.stripe.get(
      "/v1/customers/\(customer)", "expand[]=invoice_credit_balance")
    #expect(shown["balance"] == -500)
    #expect(shown["currency"] == "usd")
    #expect(shown["invoice_credit_balance"] == ["usd": -500])
    _ = world.stripe.post("/v1/customers/\(customer)", "balance=200")
    #expect(texts(world, customer) == ["adjustment -500 -500", "adjustment 700 200"])
    #expect(try world.events(after: count) == ["customer.updated", "customer.updated"])
    let event = try #require(try world.stripe.events().last)
    #expect(event[at: "data", "previous_attributes"] == ["balance": -500])
    #expect(
      world.stripe.post("\(path)/\(made.id)", "description=Other&metadata[a]=")["description"]
        == "Other")
    #expect(world.stripe.get("\(path)/\(made.id)")["metadata"] == [:])
    #expect(
      world.stripe.post(path, "amount=5&currency=eur").error
        == """
        400 invalid_request_error - currency: The currency eur does not match the customer's \
        currency, usd.
        """)
    #expect(world.stripe.post(path, "amount=5").error.contains("Missing required param: currency"))
    #expect(world.stripe.get("\(path)/cbtxn_x").status == 404)
    let other = world.customer(nil)
    #expect(
      world.stripe.get("/v1/customers/\(other)/balance_transactions/\(made.id)").status == 404)
    let most = "amount=\(Int64.max)&currency=usd"
    #expect(world.stripe.post(path, most)["error", "type"] == "invalid_request_error")
    let rich = world.stripe.post("/v1/customers", "balance=-900").id
    #expect(texts(world, rich) == ["initial -900 -900"])
  }

  /// Credit, debt, negative invoices and amounts too small to be charged, and the ledger of each.
  @Test(
    .tags(.unit),
    arguments: [
      (-300, 1000, "open 700 0", ["applied_to_invoice 300 0"]),
      (-1500, 1000, "paid 0 -500", ["applied_to_invoice 1000 -500"]),
      (200, 1000, "open 1200 0", ["applied_to_invoice -200 0"]),
      (0, -400, "paid 0 -400", ["applied_to_invoice -400 -400"]),
      (0, 49, "paid 0 49", ["invoice_too_small 49 49"]),
      (0, 50, "open 50 0", []), (0, 0, "paid 0 0", []),
      (-980, 1000, "paid 0 20", ["applied_to_invoice 980 0", "invoice_too_small 20 20"]),
    ] as [(Int, Int, String, [String])])
  func invoicesAndTheBalance(
    _ balance: Int, _ amount: Int, _ expected: String, _ ledger: [String]
  ) throws {
    let world = try MoneyWorld()
    let customer = world.stripe.post("/v1/customers", "balance=\(balance)").id
    let invoice = invoice(world, customer, amount)
    let shown = ["status", "amount_due", "ending_balance"].map {
      invoice[$0]?.string ?? invoice[$0]?.compact ?? ""
    }
    #expect(shown.joined(separator: " ") == expected)
    #expect(invoice["starting_balance"] == .integer(Int64(balance)))
    #expect(
      world.stripe.get("/v1/customers/\(customer)")["balance"] == invoice["ending_balance"])
    #expect(texts(world, customer).filter { !$0.hasPrefix("initial") } == ledger)
    #expect(InvoiceSums.faults(of: invoice.body) == [])
  }

  @Test(.tags(.unit)) func aVoidGivesBack() throws {
    let world = try MoneyWorld()
    let customer = world.stripe.post("/v1/customers", "balance=-300").id
    let open = invoice(world, customer, 1000)
    let count = try world.eventCount()
    #expect(world.stripe.post("/v1/invoices/\(open.id)/void")["status"] == "void")
    #expect(
      try world.events(after: count) == [
        "payment_intent.canceled", "customer.updated", "invoice.voided",
      ])
    #expect(world.stripe.get("/v1/customers/\(customer)")["balance"] == -300)
    #expect(
      texts(world, customer) == [
        "initial -300 -300", "applied_to_invoice 300 0", "unapplied_from_invoice -300 -300",
      ])
    let applied = world.stripe.get(
      "/v1/customers/\(customer)/balance_transactions", "invoice=\(open.id)")
    #expect(applied.ids.count == 2)
    #expect(world.sumFaults() == [])
  }

  @Test(.tags(.unit)) func aSmallDebtIsPaidWithTheNextInvoice() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    #expect(invoice(world, customer, 30)["status"] == "paid")
    let subscription = world.subscribe(customer)
    let first = world.latestInvoice(subscription)
    #expect(first["total"] == 1900)
    #expect(first["amount_paid"] == 1930)
    #expect(
      texts(world, customer) == ["invoice_too_small 30 30", "applied_to_invoice -30 0"])
    #expect(world.sumFaults() == [])
    try world.checkEvents()
  }
}
