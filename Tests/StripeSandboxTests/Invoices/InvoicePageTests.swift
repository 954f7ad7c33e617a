import Basics
import Testing

@testable import StripeSandbox

@Suite(.tags(.unit)) struct InvoicePageTests {
  private func get(_ target: String, _ world: MoneyWorld) -> SandboxResponse {
    world.stripe.sandbox.respond(to: SandboxRequest(method: "GET", target: target))
  }

  private func target(of invoice: Answer) -> String {
    String((invoice["invoice_pdf"]?.string ?? "-").dropFirst("https://pay.stripe.com".count))
  }

  @Test func whoHasTheAddressReadsThePDFWithoutAKey() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    let subscription = world.subscribe(customer, "items[0][price]=\(world.monthly)")
    let invoice = world.invoice(subscription["latest_invoice"]?.string)
    let page = get(target(of: invoice), world)
    #expect(page.status == 200)
    #expect(page.headers.map { "\($0.name): \($0.value)" } == ["Content-Type: application/pdf"])
    let text = String(decoding: page.body, as: UTF8.self)
    #expect(text.hasPrefix("%PDF-1.4\n") && text.hasSuffix("%%EOF\n"))
    #expect(text.contains("(Invoice \(invoice["number"]?.string ?? "-")) Tj"))
    #expect(text.contains("(Total $19.00) Tj"))
  }

  @Test func theTableTellsWhereEachObjectBegins() throws {
    let bytes = InvoicePDF.bytes(of: [
      "id": "in_1", "number": "A-1", "currency": "eur", "total": 100, "amount_paid": 0,
      "customer_name": "Zoë (née \\ Žižek)",
    ])
    #expect(bytes.contains(0x80), "the euro sign")
    let text = String(bytes.map { Character(Unicode.Scalar($0)) })
    #expect(text.contains("(Zo\u{EB} \\(n\u{E9}e \\\\ ?i?ek\\)) Tj"))
    let start = text.components(after: "startxref\n").flatMap { Int($0.prefix { $0.isNumber }) }
    let table = text.dropFirst(start ?? 0).split(separator: "\n")
    #expect(table.prefix(2) == ["xref", "0 6"])
    for (index, line) in table.dropFirst(3).prefix(5).enumerated() {
      let place = Int(line.prefix(10)) ?? -1
      #expect(text.dropFirst(place).hasPrefix("\(index + 1) 0 obj\n"))
    }
  }

  @Test(arguments: [
    "/invoice/acct_1/test_nobody/pdf", "/invoice/acct_1/test_nobody/pdf?s=ap", "/invoice//pdf",
  ])
  func anotherAddressIsNotFound(_ target: String) throws {
    let page = get(target, try MoneyWorld())
    #expect(page.status == 404 && page.body == Array("Not found\n".utf8))
  }
}

extension String {
  fileprivate func components(after marker: String) -> Substring? {
    firstRange(of: marker).map { self[$0.upperBound...] }
  }
}
