import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

/// Whether a preview is what the change then costs, to the cent: a thousand random changes of
/// plans, intervals and quantities at random moments, in several currencies.
@Suite(.tags(.integration)) struct PreviewAgreementIntegrationTests {
  /// A generator that gives the same numbers for the same seed (SplitMix64).
  struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  /// A shop with four plans at random prices and one customer who is on one of them.
  struct World {
    static let intervals = ["month", "quarter", "year"]

    let shop: Shop
    let context: Context
    let client: StripeClient
    var dice: Dice
    var customer = ""
    var customers = 0
    var rank = 2
    var interval = "month"
    var quantity: Int64 = 3

    init(seed: UInt64, currency: String) async throws {
      var dice = Dice(state: seed)
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
      customer = made["customer"]?.string ?? "-"
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

    /// A change that is one, and the line that asks for it.
    mutating func nextLine() -> String {
      let old = (rank, interval, quantity)
      repeat {
        (rank, quantity) = (
          Int.random(in: 1...4, using: &dice), Int64.random(in: 1...40, using: &dice)
        )
        interval = Self.intervals.randomElement(using: &dice) ?? "month"
      } while (rank, interval, quantity) == old
      let command = rank >= old.0 ? "upgrade" : "downgrade"
      let proration =
        Int.random(in: 0..<4, using: &dice) == 0 ? "create_prorations" : "always_invoice"
      return "\(command) \(customer) p\(rank) --interval \(interval) --quantity \(quantity)"
        + " --prorate \(proration)"
    }

    func report(_ line: String) async throws -> JSON {
      let change =
        line.hasPrefix("upgrade")
        ? try Words.parsed(line, as: Upgrade.self).change
        : try Words.parsed(line, as: Downgrade.self).change
      guard case .object(let object) = try await change.run(context).data else { return .null }
      return .object(object)
    }

    /// Previews a change, makes it a while later, and tells what was shown and what it cost.
    mutating func step() async throws -> (line: String, shown: [String], billed: [String]) {
      shop.world.tick(Int64.random(in: 1...700_000, using: &dice))
      let line = nextLine()
      let preview = try await report(line + " --preview")
      // A period that ends in between makes another bill of it.
      let end = try mirrored().currentPeriodEnd ?? TestWorld.start
      let rest = max(0, end - (try context.now()) - 1)
      shop.world.tick(min(rest, Int64.random(in: 0...3000, using: &dice)))
      let before = try mirrored().latestInvoiceID
      let changed = try await report(line)
      #expect(changed["plan"]?.string == "p\(rank)" && changed["status"] == "active")
      let after = changed["latest_invoice"]?.string
      let bill = after == before ? "next" : "now"
      let amount = preview[bill == "now" ? "amount_due_now" : "next_invoice_total"]?.integer ?? -1
      let shown = (preview["lines"]?.array ?? []).filter { $0["invoice"]?.string == bill }.map {
        Self.text(
          $0["amount"]?.integer ?? 0, $0["proration"] == true, $0["description"]?.string)
      }
      let first = "\(bill) \(amount)"
      guard bill == "now" else { return (line, [first] + shown, try await upcoming()) }
      let path = StripePath("invoices", after ?? "-")
      let invoice = try Invoice(try await client.send(StripeRequest(.get, path)).json)
      return (line, [first] + shown, ["now \(invoice.amountDue)"] + Self.lines(invoice))
    }

    /// The subscription as the last read of it was.
    private func mirrored() throws -> SubscriptionRow {
      let rows = try context.store().read { try $0.subscriptions(ofCustomer: customer) }
      return try #require(rows.first)
    }

    private func upcoming() async throws -> [String] {
      let request = StripeRequest(
        .post, StripePath("invoices", "create_preview"),
        ["subscription": .string(try mirrored().id)])
      let invoice = try Invoice(try await client.send(request).json)
      return ["next \(invoice.total)"] + Self.lines(invoice)
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
      let (line, shown, billed) = try await world.step()
      try #require(shown == billed, "case \(number) of seed \(seed): \(line)")
      if billed.first?.hasPrefix("now") == true { billedAtOnce += 1 }
    }
    #expect(billedAtOnce > cases / 2)
  }
}
