import Basics
import BillingCore
import Stripe

struct UsageOverage: Command {
  static let name = "usage overage"
  static let summary = "Show what a customer's use will cost at the end of the period"
  static let discussion = """
    Of each meter that the subscription bills: what was used in the running period, what of it costs
    nothing, and what the rest costs, rounded line by line as on the invoice; discounts and taxes
    come on top there. What Stripe has not been told yet is part of it, and stands beside it: billing
    usage report tells it. Of a meter that is used no more until then, the invoice has this amount.

    Reads what is written down here. Where the tiers of a price are not known here, Stripe is asked
    for them if a key is at hand.
    """
  static let parameters: [Parameter] = [.customer]
  static let examples = ["usage overage ada@example.com", "usage overage user-17 --json"]

  var reference: CustomerReference

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
  }

  func run(_ context: Context) async throws -> OverageReport {
    let catalogue = try context.catalogue()
    let customer = try await context.localDirectory().customer(reference)
    let clock = try context.now()
    let store = try context.store()
    let look = { () throws -> [PeriodOverage] in
      try store.read { transaction in
        let now = try transaction.time(of: customer, at: clock)
        return try transaction.overages(of: customer.id, at: now, in: catalogue, clock: clock)
      }
    }
    var overages = try look()
    let unknown = Set(overages.filter { $0.isUnknown }.map { $0.segment.use.price.id })
    if !unknown.isEmpty, !context.settings.readsLocally, (try? context.key()) != nil {
      let gateway = try await context.gateway()
      for id in unknown.sorted() {
        _ = try await gateway.readIfKnown(StripePath("prices", id), ["expand": ["tiers"]])
      }
      overages = try look()
    }
    return OverageReport(customerID: customer.id, currency: catalogue.currency, overages: overages)
  }
}
