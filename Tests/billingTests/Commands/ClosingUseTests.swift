import Basics
import BillingCore
import Stripe
import Synchronization
import Testing

@testable import billing

/// Changes that bill what was used so far: what Stripe was not told is reported first.
@Suite(.tags(.unit)) struct ClosingUseTests {
  private static let end = "cancel ada@example.com --now --invoice-now --yes"
  private static let change = "upgrade ada@example.com professional"

  /// A customer who used 1,250 requests, of which 1,000 are included and each other is a cent.
  private func shop(uses: Bool = true) async throws -> (Shop, id: String) {
    let shop = try await Shop("coditect")
    let made = try await shop.json(
      """
      subscribe ada@example.com starter --trial-days 0 --create --payment-method pm_card_visa
      """)
    if uses { _ = try await shop.json("usage record ada@example.com ai_requests 1250") }
    return (shop, made["customer"]?.string ?? "-")
  }

  /// What Stripe was told.
  private func told(_ shop: Shop) async throws -> [String] {
    (try await shop.json("usage report --check")["data"]?.array ?? []).map {
      "\(Cell($0["meter"]).text) \(Cell($0["reported"]).text) \(Cell($0["stripe"]).text)"
    }
  }

  private func usageLines(_ shop: Shop) async throws -> [JSON?] {
    let invoices = try await shop.json("invoice list ada@example.com")["data"]?.array ?? []
    let invoice = try await shop.json("invoice show \(invoices.first?["id"]?.string ?? "-")")
    return (invoice["lines"]?.array ?? []).filter { $0["quantity"] == 250 }.map { $0["amount"] }
  }

  @Test(arguments: [change, end]) func itIsReportedAndBilled(_ line: String) async throws {
    let (shop, id) = try await shop()
    let result = await shop.run(line)
    #expect(result.exit == .done && result.errors == "", "\(result.errors)")
    #expect(try await usageLines(shop) == [250])
    // What was told stays told once.
    let again = try await shop.json("usage report --customer \(id)")
    #expect(again["reported"] == 0 && again["failed"] == 0)
  }

  @Test func whatIsReportedAlreadyIsNotReportedAgain() async throws {
    let (shop, _) = try await shop()
    _ = try await shop.json("usage report")
    #expect(await shop.run(Self.change).exit == .done)
    #expect(try await usageLines(shop) == [250])
  }

  @Test(arguments: [change, end]) func aDryRunShowsIt(_ line: String) async throws {
    let (shop, id) = try await shop()
    let result = await shop.run(line + " --dry-run --json")
    let requests = try JSON(parsing: result.output)["requests"]?.array ?? []
    #expect(requests.count == 2 && requests[0]["path"] == "/v1/billing/meter_events")
    #expect(
      requests[0]["params"]?["payload"] == ["stripe_customer_id": .string(id), "value": "1250"])
    #expect(try await told(shop) == ["ai_requests 0 0"])
  }

  @Test func aPreviewSaysWhatItDoesNotHave() async throws {
    let (shop, _) = try await shop()
    let result = await shop.world.run("--sandbox \(Self.change) --preview --json")
    #expect(result.exit == .done)
    #expect(
      result.errors.contains(
        """
        Stripe was not told of 1250 ai_requests: that is reported first, and billed with the \
        change, for $2.50 that Stripe's preview does not have
        """), "\(result.errors)")
    let shown = try JSON(parsing: result.output)["amount_due_now"]?.integer ?? 0
    _ = try await shop.json(Self.change)
    let invoices = try await shop.json("invoice list ada@example.com")["data"]?.array ?? []
    #expect(invoices.first?["total"]?.integer == shown + 250)
  }

  @Test(arguments: [change, end])
  func whatCannotBeReportedKeepsTheChangeBack(_ line: String) async throws {
    let (shop, id) = try await shop()
    _ = try await shop.json("sandbox fault add drop_before --path /v1/billing/meter_events")
    let failure = try await shop.failure(line + " --max-retries 0")
    #expect(
      failure.hasPrefix(
        "7 api_error: the use of ai_requests by \(id) was not reported, so nothing was changed: "),
      "\(failure)")
    #expect(failure.contains("run it again: nothing is told twice; "))
    let subscription = try await shop.json("subscription show ada@example.com")
    #expect(subscription["plan"] == "starter" && subscription["status"] == "active")
    #expect(await shop.run(line).exit == .done)
    #expect(try await usageLines(shop) == [250])
  }

  @Test func aLostAnswerIsNoUnknownChange() async throws {
    let (shop, _) = try await shop()
    _ = try await shop.json("sandbox fault add drop_after --path /v1/billing/meter_events")
    let failure = try await shop.failure(Self.change + " --max-retries 0")
    #expect(failure.hasPrefix("7 "), "\(failure)")
    #expect(await shop.run(Self.change).exit == .done)
    #expect(try await usageLines(shop) == [250])
  }

  /// Stripe counts a moment later; a bill of this moment would lack it.
  @Test func whatIsNotCountedYetKeepsTheChangeBack() async throws {
    let (shop, id) = try await shop(uses: false)
    _ = try await shop.json("usage record ada@example.com ai_requests 10")
    let context = try shop.world.context("--sandbox --quiet")
    let reporting = try await context.usageReporting(try context.catalogue())
    // Taken by Stripe, as far as anybody can tell, and in no sum.
    for report in try reporting.prepare(await reporting.plan(.init(customerID: id))) {
      _ = try context.store().write { try $0.settleUsageReport(report.identifier, as: .sent) }
    }
    let (output, errors) = (MemoryOutput(), MemoryOutput())
    var world = shop.world.world(output: output, errors: errors)
    let pauses = Mutex<[Int64]>([])
    world.pause = { milliseconds in pauses.withLock { $0.append(milliseconds) } }
    let words = Session.words(of: "--sandbox --quiet --json \(Self.change)")
    #expect(await Billing.run(words, in: world) == .conflict)
    #expect(pauses.withLock { $0 } == [500, 1000, 2000, 4000, 8000, 8000])
    #expect(
      errors.text.contains(
        "Stripe took the use of ai_requests by \(id) and has not counted it yet, so nothing was"))
    #expect(try await shop.json("subscription show ada@example.com")["plan"] == "starter")
  }

  @Test func anEndWithoutABillSaysWhatItForgoes() async throws {
    let (shop, _) = try await shop()
    shop.world.tick()
    let result = await shop.world.run("--sandbox cancel ada@example.com --now --yes")
    #expect(result.exit == .done)
    #expect(
      result.errors.contains(
        """
        what was used in this period (1250 ai_requests, $2.50) is billed nowhere; --invoice-now \
        bills it
        """), "\(result.errors)")
    let late = try JSON(parsing: await shop.run("usage report --json").output)
    #expect(late["reported"] == 0 && late["meters"]?[0]?["late"] == 1250)
  }

  /// It came before the change, and was told after it: its bill is final.
  @Test(arguments: [change, "upgrade ada@example.com starter --interval year"])
  func whatComesAfterwardsIsSaidToBeLate(_ line: String) async throws {
    let (shop, id) = try await shop()
    _ = await shop.run("sandbox advance 1h")
    #expect(await shop.run(line).exit == .done)
    #expect(await shop.run("usage report").errors == "")
    _ = try await shop.json("usage record ada@example.com ai_requests 5 --at 30m")
    let late = await shop.run("usage report --json")
    #expect(late.exit == .done)
    #expect(late.errors.contains("5 ai_requests of \(id) came too late for the period to "))
    let meter = try JSON(parsing: late.output)["meters"]?[0]
    #expect(meter?["reported"] == 0 && meter?["late"] == 5)
  }

  /// What is within the plan costs nothing.
  @Test func aChangeThatBillsNoUseReportsNothing() async throws {
    let (shop, _) = try await shop()
    for line in [
      "upgrade ada@example.com starter --quantity 2 --dry-run",
      "upgrade ada@example.com professional --at-period-end --dry-run",
      "cancel ada@example.com --dry-run",
    ] {
      let plan = try await shop.json(line)
      #expect(
        !(plan["requests"]?.array ?? []).contains { $0["path"] == "/v1/billing/meter_events" })
    }
  }
}
