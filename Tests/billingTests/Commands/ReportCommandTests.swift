import Basics
import BillingCore
import Foundation
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct ReportCommandTests {
  /// The page as it was written.
  private func page(_ shop: Shop, _ options: String = "") async throws -> String {
    _ = try await shop.json("report --html report.html \(options)")
    return try shop.world.text(of: "report.html")
  }

  private func section(_ name: String, of page: String) throws -> String {
    let start = try #require(page.range(of: "<h2 id=\"\(name)\">"))
    let rest = page[start.upperBound...]
    return String(rest[..<(rest.range(of: "</section>")?.lowerBound ?? rest.endIndex)])
  }

  /// The rows of a section's tables, the texts of their cells.
  private func rows(_ name: String, of page: String) throws -> [String] {
    try section(name, of: page).split(separator: "\n").filter { $0.hasPrefix("<tr><th") }.map {
      $0.replacing(/<title>.*?<\/title>/, with: "")
        .replacing(/<\/t[hd]>|<br>/, with: " | ").replacing(/<[^>]*>/, with: "")
        .trimmingCharacters(in: CharacterSet(charactersIn: " |"))
    }
  }

  @Test(
    arguments: [
      ("", "--html is missing: --html FILE says where to write the page"),
      ("--html=", "--html is empty"),
      ("--html r.html --currency dollars", "--currency must be three letters, as usd"),
    ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake("report \(words)")?.hasPrefix(message) == true)
  }

  @Test func withoutAnythingThePageSaysSo() async throws {
    let world = try TestWorld()
    let result = await world.run("--sandbox --quiet report --html report.html --json")
    #expect(result.exit == .done && result.errors == "")
    let page = try world.text(of: "report.html")
    for sentence in [
      "No subscription brought anything in the last twelve months.", "Nobody has a subscription.",
      "No bill waits for a payment.", "Without a catalogue nothing is known of limits.",
      "No event came in the last 30 days.", "none waits, none failed",
    ] {
      #expect(page.contains(sentence), "\(sentence)")
    }
    #expect(!page.contains("Other currencies"))
  }

  /// It names customers.
  @Test func onlyItsOwnerMayReadIt() async throws {
    let shop = try await Shop()
    try shop.world.write("old", to: "report.html", mode: 0o644)
    #expect(try await page(shop).hasPrefix("<!doctype html>"))
    let attributes = try FileManager.default.attributesOfItem(
      atPath: shop.world.directory + "/report.html")
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test func aDryRunWritesNothing() async throws {
    let shop = try await Shop()
    let report = try await shop.json("report --html report.html --dry-run")
    #expect(report["dry_run"] == true && report["file"] == "report.html")
    #expect(!shop.world.exists("report.html"))
  }

  @Test func whatCannotBeWrittenIsTold() async throws {
    let shop = try await Shop()
    #expect(
      try await shop.failure("report --html nowhere/report.html")
        == "4 not_found: nowhere/report.html cannot be written: no such folder; "
        + "make the folder first")
    #expect(
      Words.mistake("report --html -")
        == "--html is a file, and - is none; see billing report --help")
  }

  /// One who pays, one who does not any more: the renewal is refused, and tried again.
  @Test func whoOwesIsListedWithTheReason() async throws {
    let shop = try await Shop()
    let (customer, _) = try await shop.subscriber()
    _ = try await shop.subscriber("ben@example.com")
    _ = try await shop.json(
      "sandbox portal act \(customer) payment-method --card 4000000000000341")
    _ = await shop.run("sandbox advance '1 month 2 hours'")
    let page = try await page(shop)
    #expect(
      try rows("dunning", of: page) == [
        """
        ada@example.com | $99.00 | 2026-12-20 | 1 | generic_decline | The bank, or a rule of yours at \
        Stripe, refused and did not say why. | 2026-12-23 11:00
        """
      ])
    #expect(
      try section("dunning", of: page).contains("<h3>Bills that are tried again: 1, $99.00</h3>"))
    _ = await shop.run("sandbox advance '20 days'")
    let later = try await self.page(shop)
    #expect(
      try section("dunning", of: later).contains(
        "<h3>Bills that are not tried any more: 1, $99.00</h3>"))
    #expect(try rows("dunning", of: later)[0].contains("| 4 | generic_decline"))
    #expect(try rows("plans", of: later)[0].hasSuffix("| $99.00 | 100% |  | 1 | 0 | 0"))
  }

  /// However many they are, all count.
  @Test func ofManyWhoOweTheFirstAreListed() async throws {
    let shop = try await Shop()
    for name in ["ada", "ben"] {
      let (customer, _) = try await shop.subscriber("\(name)@example.com")
      _ = try await shop.json(
        "sandbox portal act \(customer) payment-method --card 4000000000000341")
    }
    _ = await shop.run("sandbox advance '1 month 2 hours'")
    _ = try await shop.json("metrics")
    let store = try shop.world.context("--sandbox --quiet").store()
    let list = try store.read { try $0.dunningList(limit: 1) }
    #expect(list.tried.cases.map { $0.email } == ["ada@example.com"])
    #expect(list.tried.count == 2 && list.tried.sums == ["usd": 19_800])
    #expect(list.givenUp.count == 0 && list.givenUp.cases.isEmpty)
  }

  @Test func monthsAndMovementsStandInATable() async throws {
    let shop = try await Shop()
    _ = try await shop.subscriber()
    _ = await shop.run("sandbox advance '1 month'")
    _ = try await shop.json("upgrade ada@example.com enterprise")
    let rows = try rows("revenue", of: try await page(shop))
    #expect(rows.count == 12)
    #expect(
      rows[0]
        == "December 2026, so far | $499.00 | $0.00 | $400.00 | $0.00 | $0.00 | $0.00 | 0%")
    #expect(rows[1] == "November 2026 | $99.00 | $99.00 | $0.00 | $0.00 | $0.00 | $0.00 | –")
    #expect(rows[11] == "January 2026 | $0.00 | $0.00 | $0.00 | $0.00 | $0.00 | $0.00 | –")
  }

  @Test func whoIsNearALimitIsListedTheNearestFirst() async throws {
    let shop = try await Shop("coditect")
    for (name, count) in [("ada", 850), ("ben", 1200), ("cleo", 10)] {
      _ = try await shop.json(
        "subscribe \(name)@example.com starter --create --payment-method pm_card_visa")
      _ = try await shop.json("usage record \(name)@example.com ai_requests \(count)")
    }
    #expect(
      try rows("usage", of: try await page(shop)) == [
        "ben@example.com | AI requests | 1,200 | 1,000 | 120% |  | $2.00",
        "ada@example.com | AI requests | 850 | 1,000 | 85% |  | –",
      ])
  }

  @Test func eventsThatFailedAreListed() async throws {
    let shop = try await Shop()
    let (customer, _) = try await shop.subscriber()
    try shop.receive(
      "evt_broken", "customer.subscription.updated", shop.brokenSubscription(of: customer))
    let page = try await page(shop)
    let rows = try rows("webhooks", of: page)
    #expect(rows.count == 1)
    #expect(
      rows[0].hasPrefix("evt_broken | customer.subscription.updated | 2026-11-20 10:00 | 1 | "))
    #expect(try section("webhooks", of: page).contains("1 failed</span> and 0 wait, of any age"))
  }

  @Test func otherCurrenciesAreToldApart() async throws {
    let shop = try await Shop()
    _ = try await shop.subscriber()
    let page = try await page(shop, "--currency EUR")
    #expect(page.contains("in EUR."))
    #expect(try rows("currencies", of: page) == ["USD | $99.00 | $1,188.00 | 1 | 0"])
  }

  /// Of what customers call themselves nothing becomes markup, and nothing is loaded from elsewhere.
  @Test func hostileNamesStayText() async throws {
    let shop = try await Shop("coditect")
    let name = #"</title><script>alert(1)</script><img src=x onerror='a("b")'>"#
    _ = try await shop.json(
      "customer create --email eve@example.com --name \"\(name.replacing("\"", with: "\\\""))\"")
    _ = try await shop.json("subscribe eve@example.com starter --payment-method pm_card_visa")
    _ = try await shop.json("usage record eve@example.com ai_requests 2000")
    let page = try await page(shop)
    #expect(page.contains("&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x"))
    for text in ["<script", "<img", "http:", "https:", "url(", "@import"] {
      #expect(!page.contains(text), "\(text)")
    }
    #expect(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""))
  }
}
