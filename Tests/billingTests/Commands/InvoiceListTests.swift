import Basics
import BillingCore
import Testing

@testable import billing

@Suite(.tags(.unit)) struct InvoiceListTests {
  @Test func wordsBecomeAFilter() throws {
    let all = try Words.parsed("invoice list", as: InvoiceList.self)
    #expect(all.reference == nil && all.limit == 100)
    let one = try Words.parsed("invoice list u-1 --limit 3", as: InvoiceList.self)
    #expect(one.reference == .externalID("u-1") && one.limit == 3)
  }

  @Test(arguments: [
    ("a b", "unexpected 'b';"), ("--limit 0", "--limit must be from 1 to 100000, not 0;"),
    ("''", "CUSTOMER must be an id (cus_…), an e-mail address or an id of yours;"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake("invoice list \(words)") == "\(message) see billing invoice list --help")
  }

  @Test func ofOneOrOfAll() async throws {
    let shop = try await Shop()
    _ = try await shop.json("subscribe one@example.com team --create --payment-method pm_card_visa")
    _ = try await shop.json("subscribe two@example.com enterprise --create")
    for option in ["", " --local"] {
      let all = try await shop.json("invoice list" + option)
      #expect((all["data"]?.array ?? []).map { $0["status"] } == ["open", "paid"])
      #expect((all["data"]?.array ?? []).map { $0["amount_remaining"] } == [49900, 0])
      let one = try await shop.json("invoice list one@example.com" + option)
      #expect((one["data"]?.array ?? []).map { $0["total"] } == [9900])
      let first = try await shop.json("invoice list --limit 1" + option)
      #expect(first["data"]?.array?.count == 1 && first["has_more"] == true)
    }
    let csv = await shop.run("invoice list --format csv").output
    #expect(
      csv.replacing("\r\n", with: "\n").split(separator: "\n").first.map { String($0) }
        == InvoiceView.keys.joined(separator: ","))
    #expect(await shop.run("invoice list --format jsonl").output.split(separator: "\n").count == 2)
    #expect(
      try await shop.failure("invoice list nobody@example.com")
        .hasPrefix("4 not_found: no customer nobody@example.com;"))
  }
}
