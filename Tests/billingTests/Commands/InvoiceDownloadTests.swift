import Basics
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct InvoiceDownloadTests {
  @Test(arguments: [
    ("in_1", "--out is missing: --out DIR says where to write the files;"),
    ("--out a", "name either an invoice or --customer C;"),
    ("in_1 --customer a@b.c --out a", "name either an invoice or --customer C;"),
    ("in_1 --since 3d --out a", "--since goes with --customer;"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("invoice download \(words)")
        == "\(message) see billing invoice download --help")
  }

  /// A customer with two paid invoices.
  private func shop() async throws -> (Shop, [JSON]) {
    let shop = try await Shop()
    _ = try await shop.json(
      "subscribe ada@example.com team --create --payment-method pm_card_visa")
    _ = try await shop.json("sandbox advance '40 days'")
    let invoices = try await shop.json("invoice list ada@example.com")["data"]?.array ?? []
    #expect(invoices.count == 2)
    return (shop, invoices)
  }

  private func names(_ result: JSON) -> [String] {
    (result["data"]?.array ?? []).map {
      "\($0["file"]?.string ?? "-") \($0["status"]?.string ?? "-")"
    }
  }

  @Test func whatIsThereIsNotFetchedTwice() async throws {
    let (shop, invoices) = try await shop()
    let numbers = invoices.map { $0["number"]?.string ?? "-" }
    let one = try await shop.json("invoice download \(invoices[0]["id"]?.string ?? "-") --out a/b")
    #expect(names(one) == ["a/b/\(numbers[0]).pdf done"])
    let path = "\(shop.world.directory)/a/b/\(numbers[0]).pdf"
    #expect(Files.beginning(of: path, count: 9) == Array("%PDF-1.4\n".utf8))
    let all = "invoice download --customer ada@example.com --out a/b"
    #expect(
      names(try await shop.json(all + " --dry-run"))
        == ["a/b/\(numbers[0]).pdf already_done", "a/b/\(numbers[1]).pdf planned"])
    #expect(!shop.world.exists("a/b/\(numbers[1]).pdf"))
    #expect(
      names(try await shop.json(all))
        == ["a/b/\(numbers[0]).pdf already_done", "a/b/\(numbers[1]).pdf done"])
    #expect(
      names(try await shop.json(all + " --since 20d"))
        == ["a/b/\(numbers[0]).pdf already_done"])
  }

  @Test func aFileIsNoFolder() async throws {
    let (shop, _) = try await shop()
    for option in ["", " --dry-run"] {
      #expect(
        try await shop.failure(
          "invoice download --customer ada@example.com --out plans.yaml\(option)")
          == "2 usage: --out names a file: plans.yaml; name a folder")
    }
  }

  @Test func anotherFileIsLeftAlone() async throws {
    let (shop, invoices) = try await shop()
    let name = "\(invoices[1]["number"]?.string ?? "-").pdf"
    try shop.world.write("my notes", to: name)
    let result = await shop.run("invoice download --customer ada@example.com --out . --json")
    #expect(
      try Shop.words(of: result) == """
        10 partial: 1 of 2 invoices were not downloaded; \
        run it again: what is there is not fetched twice
        """)
    let rows = try JSON(parsing: result.output)["data"]?.array ?? []
    #expect(rows.map { $0["status"] } == ["done", "failed"])
    #expect(
      rows.last?["error"] == [
        "code": "invalid_state",
        "message": .string("what stands at ./\(name) is no PDF; it was left alone"),
      ])
    #expect(try shop.world.text(of: name) == "my notes")
  }

  @Test func oneThatHasNoPDF() async throws {
    let shop = try await Shop()
    let customer = try await shop.json("customer create --email ada@example.com")
    let draft = try await shop.call(
      .post, "invoices", parameters: ["customer": customer["id"] ?? .null])
    let id = draft["id"]?.string ?? "-"
    #expect(
      try await shop.failure("invoice download \(id) --out .") == """
        5 invalid_state: \(id) is a draft, which has no PDF yet; \
        Stripe makes it when the invoice is finalized
        """)
    #expect(
      try await shop.json("invoice download --customer ada@example.com --out .")
        == ["data": [], "has_more": false])
  }

  @Test func theKeyStaysAtHome() async throws {
    let world = try TestWorld()
    let invoice = #"""
      {"id":"in_1","object":"invoice","customer":"cus_1","number":"A-1","status":"paid",
      "currency":"usd","subtotal":0,"total":0,"amount_due":0,"amount_paid":0,"amount_remaining":0,
      "period_start":1,"period_end":1,"created":1,"livemode":false,"metadata":{},
      "invoice_pdf":"https://pay.stripe.com/invoice/acct_1/test_1/pdf?s=ap"}
      """#
    let transport = ScriptedTransport([
      .json(#"{"id":"acct_1","object":"account"}"#), .json(invoice),
      .response(302, "", ["Location": "https://files.stripe.com/a.pdf"]),
      .response(200, "%PDF-1.4 …", [:]),
    ])
    let result = await world.run(
      "invoice download in_1 --out . --json",
      environment: ["STRIPE_SECRET_KEY": "sk_test_1234567890"], transport: transport)
    #expect(result.exit == .done, "\(result.errors)")
    #expect(try world.text(of: "A-1.pdf") == "%PDF-1.4 …")
    let fetched = transport.requests.suffix(2)
    #expect(
      fetched.map { $0.url } == [
        "https://pay.stripe.com/invoice/acct_1/test_1/pdf?s=ap", "https://files.stripe.com/a.pdf",
      ])
    #expect(fetched.allSatisfy { $0.headers.fields.isEmpty })
  }

  @Test(arguments: [
    ("A-0001", "A-0001.pdf"), ("2026/1", "in_1.pdf"), ("../../etc", "in_1.pdf"),
    (".hidden", "in_1.pdf"), ("", "in_1.pdf"),
  ])
  func namesArePlain(_ number: String, _ name: String) throws {
    #expect(InvoiceFiles.name(of: try invoice("in_1", number)) == name)
  }

  /// Whoever answers, nothing is written outside the folder.
  @Test func anIDLeadsNowhereElse() throws {
    let name = InvoiceFiles.name(of: try invoice("../../.bashrc", nil))
    #expect(name.wholeMatch(of: /[0-9a-f]{64}\.pdf/) != nil)
  }

  private func invoice(_ id: String, _ number: String?) throws -> Invoice {
    try Invoice([
      "id": .string(id), "object": "invoice", "number": JSON(number), "status": "paid",
      "currency": "usd", "subtotal": 0, "total": 0, "amount_due": 0, "amount_paid": 0,
      "amount_remaining": 0, "period_start": 1, "period_end": 1, "created": 1, "livemode": false,
    ])
  }
}
