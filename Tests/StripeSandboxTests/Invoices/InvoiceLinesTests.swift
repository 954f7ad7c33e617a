import Basics
import Testing

@testable import StripeSandbox

/// Adding, changing and removing the lines of a draft.
@Suite struct InvoiceLinesTests {
  @Test(.tags(.unit)) func addedChangedRemoved() throws {
    let world = try MoneyWorld()
    let stripe = world.stripe
    let customer = world.customer()
    let waiting = stripe.post("/v1/invoiceitems", "customer=\(customer)&amount=100").id
    let path = "/v1/invoices/\(stripe.post("/v1/invoices", "customer=\(customer)").id)"
    let count = try world.eventCount()
    let added = stripe.post(
      "\(path)/add_lines",
      """
      lines[0][invoice_item]=\(waiting)&lines[1][amount]=2000&lines[1][description]=Work&\
      lines[2][price_data][currency]=usd&lines[2][price_data][product_data][name]=Tea&\
      lines[2][price_data][unit_amount]=300&lines[2][quantity]=2&invoice_metadata[a]=b
      """)
    #expect(added.lineTexts == ["100 ", "2000 Work", "600 Tea"])
    #expect(added["total"] == 2700)
    #expect(added["metadata"] == ["a": "b"])
    let ids = (added["lines", "data"]?.array ?? []).compactMap { $0["id"]?.string }
    let changed = stripe.post(
      "\(path)/update_lines",
      "lines[0][id]=\(ids[0])&lines[0][amount]=150&lines[1][id]=\(ids[2])&lines[1][quantity]=1")
    #expect(changed.lineTexts == ["150 ", "2000 Work", "300 Tea"])
    let line = stripe.post("\(path)/lines/\(ids[1])", "description=Labour&metadata[k]=v")
    #expect(line["description"] == "Labour")
    #expect(line["metadata"] == ["k": "v"])
    let rest = stripe.post(
      "\(path)/remove_lines",
      """
      lines[0][id]=\(ids[0])&lines[0][behavior]=unassign&lines[1][id]=\(ids[1])&\
      lines[1][behavior]=delete
      """)
    #expect(rest.lineTexts == ["300 Tea"])
    #expect(rest["total"] == 300)
    #expect(stripe.get("/v1/invoiceitems", "pending=true").ids == [waiting])
    #expect(stripe.get("\(path)/lines").ids == [ids[2]])
    #expect(
      try world.events(after: count) == [
        "invoiceitem.created", "invoiceitem.created", "invoice.updated", "invoice.updated",
        "invoice.updated", "invoiceitem.deleted", "invoice.updated",
      ])
    #expect(world.sumFaults() == [])
    try world.checkEvents()
  }

  /// What a subscription bills by itself can be described otherwise, but costs what it costs.
  @Test(.tags(.unit)) func linesOfSubscriptions() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(
      world.customer(nil), "collection_method=send_invoice&days_until_due=3")
    let draft = world.latestInvoice(subscription)
    let line = draft["lines", "data", "0", "id"]?.string ?? ""
    let path = "/v1/invoices/\(draft.id)"
    let described = world.stripe.post("\(path)/lines/\(line)", "description=Seat&metadata[a]=b")
    #expect(described["description"] == "Seat")
    #expect(described["amount"] == 1900)
    let refusal = """
      The line item \(line) is billed by a subscription. Only its description and its metadata can \
      be changed.
      """
    #expect(
      world.stripe.post("\(path)/lines/\(line)", "amount=5")["error", "message"]
        == .string(refusal))
    #expect(
      world.stripe.post(
        "\(path)/remove_lines", "lines[0][id]=\(line)&lines[0][behavior]=delete"
      ).error == "400 invalid_request_error - lines[0][id]: \(refusal)")
    #expect(
      world.stripe.delete(path).error.hasSuffix(
        "You can't delete invoices created by subscriptions."))
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("add_lines", "lines[0][description]=x", "parameter_missing lines[0][amount]"),
      ("add_lines", "lines[0][invoice_item]=ii_x", "resource_missing lines[0][invoice_item]"),
      (
        "add_lines",
        "lines[0][price_data][currency]=eur&lines[0][price_data][product]=PRODUCT&"
          + "lines[0][price_data][unit_amount]=5", "- currency"
      ),
      ("update_lines", "lines[0][id]=il_x&lines[0][amount]=5", "resource_missing lines[0][id]"),
      (
        "remove_lines", "lines[0][id]=il_x&lines[0][behavior]=delete",
        "resource_missing lines[0][id]"
      ),
      (
        "add_lines", "lines[0][amount]=5&lines[0][tax_rates]=",
        "parameter_unsupported lines[0][tax_rates]"
      ),
    ])
  func refused(_ operation: String, _ form: String, _ expected: String) throws {
    let world = try MoneyWorld()
    let draft = world.stripe.post("/v1/invoices", "customer=\(world.customer())").id
    let answer = world.stripe.post(
      "/v1/invoices/\(draft)/\(operation)", form.replacing("PRODUCT", with: world.product))
    #expect(answer.error.hasPrefix("400 invalid_request_error \(expected): "), "\(answer.error)")
    #expect(world.invoice(draft).lineTexts == [])
  }
}
