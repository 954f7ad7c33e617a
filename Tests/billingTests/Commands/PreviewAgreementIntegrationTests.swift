import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

/// Whether a preview is what the change then costs, to the cent: a thousand random changes of
/// plans, intervals and quantities at random moments, in several currencies. By the very calls that
/// the commands make, without the reading around them; UpgradeTests has the commands.
@Suite(.tags(.integration)) struct PreviewAgreementIntegrationTests {
  /// A shop with four plans at random prices and one customer who is on one of them.
  struct World {
    static let intervals = ["month", "quarter", "year"]

    let shop: Shop
    let context: Context
    let client: StripeClient
    var dice: Dice
    var id = ""
    var targets: [String: PlanChange.Target] = [:]
    var customers = 0
    var rank = 2
    var interval = "month"
    var quantity: Int64 = 3

    init(seed: UInt64, currency: String) async throws {
      var dice = Dice(seed: seed)
      shop = try await Shop(seeds: false)
      try shop.world.write(Self.plans(currency, &dice), to: "plans.yaml")
      _ = try await shop.json("plans seed")
      context = try shop.world.context("--sandbox --quiet")
      client = try context.client()
      self.dice = dice
    }

    /// Someone else, on the second plan; every other one with a coupon.
    mutating func nextCustomer() async throws {
      customers += 1
      (rank, interval, quantity) = (2, "month", 3)
      let coupon = customers.isMultiple(of: 2) ? " --coupon third" : ""
      let made = try await shop.json(
        "subscribe c\(customers)@example.com p2 --quantity 3 --create --payment-method pm_card_visa\(coupon)"
      )
      id = made["id"]?.string ?? "-"
    }

    private static func plans(_ currency: String, _ dice: inout Dice) -> String {
      let plans = (1...4).map { rank in
        let amount = Int64.random(in: 300...9000, using: &dice) * Int64(rank)
        return """
            - id: p\(rank)
              name: Plan \(rank)
              rank: \(rank)
              prices:
                - { interval: month, unit_amount: \(amount) }
                - { interval: month, interval_count: 3, unit_amount: \(amount * 29 / 10) }
                - { interval: year, unit_amount: \(amount * 113 / 10) }
          """
      }
      return """
        version: 1
        namespace: random
        currency: \(currency)
        default_plan: free
        plans:
          - { id: free, name: Free, rank: 0 }
        \(plans.joined(separator: "\n"))
        coupons:
          - { id: third, percent_off: 33, duration: forever }

        """
    }

    /// A change that is one.
    mutating func nextRequest() -> PlanChangeRequest {
      let old = (rank, interval, quantity)
      repeat {
        (rank, quantity) = (
          Int.random(in: 1...4, using: &dice), Int64.random(in: 1...40, using: &dice)
        )
        interval = Self.intervals.randomElement(using: &dice) ?? "month"
      } while (rank, interval, quantity) == old
      let waitsForBill = Int.random(in: 0..<4, using: &dice) == 0
      return PlanChangeRequest(
        (rank, quantity) >= (old.0, old.2) ? .upgrade : .downgrade, to: "p\(rank)",
        interval: BillingInterval(parsing: interval), quantity: quantity,
        proration: waitsForBill ? "create_prorations" : "always_invoice")
    }

    /// The change as the commands plan it.
    private mutating func change(
      _ request: PlanChangeRequest, of subscription: Subscription
    ) async throws -> PlanChange {
      let (catalogue, gateway) = (try context.catalogue(), try await context.gateway())
      let plan = try #require(catalogue.plan(request.planID))
      var change = try PlanChange(request, of: subscription, to: plan, in: catalogue)
      let price = try catalogue.requirePrice(of: plan, request.interval)
      if targets[price.lookupKey] == nil {
        targets[price.lookupKey] = try await SubscriptionOffers(
          gateway: gateway, catalogue: catalogue
        ).target(plan, price)
      }
      change.target = targets[price.lookupKey]
      change.prorationDate = change.withinPeriod(try context.now())
      change.paymentBehavior = "error_if_incomplete"
      change.expansions = ["latest_invoice"]
      return change
    }

    /// Previews a change, makes it a while later, and tells what was shown and what it cost.
    mutating func step() async throws -> (shown: [String], billed: [String]) {
      shop.world.tick(Int64.random(in: 1...700_000, using: &dice))
      let old = try Subscription(
        try await client.send(StripeRequest(.get, StripePath("subscriptions", id))).json)
      let change = try await change(nextRequest(), of: old)
      let now = try context.now()
      let preview = try await context.gateway().preview(change, at: now)
      // A period that ends in between makes another bill of it.
      let rest = max(0, (old.currentPeriodEnd ?? now) - now - 1)
      shop.world.tick(min(rest, Int64.random(in: 0...3000, using: &dice)))
      let request = try #require(change.operationPlan().requests.first)
      let changed = try await client.send(request).json
      let invoice = try Invoice(changed["latest_invoice"] ?? .null)
      let bill: ProrationPreview.Bill = invoice.id == old.latestInvoiceID ? .next : .now
      let shown = preview.lines.filter { $0.bill == bill }.map {
        Self.text($0.amount, $0.isProration, $0.description)
      }
      guard bill == .now else {
        let next = try #require(
          try await context.gateway().upcomingInvoice(of: Subscription(changed)))
        return (
          ["next \(preview.nextInvoiceTotal)"] + shown, ["next \(next.total)"] + Self.lines(next)
        )
      }
      return (
        ["now \(preview.amountDueNow)"] + shown, ["now \(invoice.amountDue)"] + Self.lines(invoice)
      )
    }

    private static func lines(_ invoice: Invoice) -> [String] {
      invoice.lines.map { text($0.amount, $0.isProration, $0.description) }
    }

    private static func text(_ amount: Int64, _ isProration: Bool, _ words: String?) -> String {
      "\(amount)\(isProration ? " prorated" : ""): \(words ?? "-")"
    }
  }

  @Test(arguments: [("usd", 250), ("eur", 250), ("gbp", 250), ("jpy", 250)])
  func whatIsShownIsWhatIsBilled(currency: String, cases: Int) async throws {
    let seed = UInt64(currency.utf8.reduce(7) { $0 &* 31 &+ Int($1) })
    var world = try await World(seed: seed, currency: currency)
    var billedAtOnce = 0
    for number in 0..<cases {
      if number.isMultiple(of: 25) { try await world.nextCustomer() }
      let (shown, billed) = try await world.step()
      try #require(shown == billed, "case \(number) of seed \(seed)")
      if billed.first?.hasPrefix("now") == true { billedAtOnce += 1 }
    }
    #expect(billedAtOnce > cases / 2)
  }
}
