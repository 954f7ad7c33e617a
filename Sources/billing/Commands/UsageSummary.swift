import Basics
import BillingCore

struct UsageSummary: Command {
  static let name = "usage summary"
  static let summary = "Show what a customer used in a billing period, and what it will cost"
  static let discussion = """
    Of each meter: what was used, what the plan includes and allows, what is left, and what lies
    beyond with its cost. Billing periods are the subscription's own; without one they are months of
    the calendar (UTC). Where a limit has another window, a day or a month, what is used and left is
    that of the window; what is billed is always that of the period. Reads what is written down
    here: no key is needed, and Stripe is not asked.

    --period is current, previous, or a time that lies in the period.
    """
  static let parameters: [Parameter] = [
    .customer,
    .option("--period", "P", "current (default), previous, or a time in it: 2026-10-15"),
  ]
  static let examples = [
    "usage summary ada@example.com", "usage summary user-17 --period previous --json",
  ]

  enum Period: Hashable {
    case current, previous
    case of(TimeArgument)
  }

  var reference: CustomerReference
  var period: Period

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    switch try arguments.option("--period") {
    case nil, "current"?: period = .current
    case "previous"?: period = .previous
    case let word?:
      guard let time = TimeArgument(parsing: word) else {
        throw arguments.error(
          "--period must be current, previous or a time (2026-10-15), not \(Arguments.quoted(word))"
        )
      }
      period = .of(time)
    }
  }

  func run(_ context: Context) async throws -> UsageSummaryReport {
    let catalogue = try context.catalogue()
    let customer = try await context.localDirectory().customer(reference)
    let clock = try context.now()
    return try context.store().read { transaction in
      let gate = try transaction.gate(of: customer, in: catalogue, at: clock)
      let now = try transaction.time(of: customer, at: clock)
      let periods = try transaction.billingPeriods(ofCustomer: customer.id)
      let current = periods.period(at: now)
      let chosen =
        switch period {
        case .current: current
        case .previous: periods.period(before: current)
        case .of(let time): periods.period(at: time.before(now))
        }
      return UsageSummaryReport(
        customerID: customer.id, period: chosen,
        meters: try transaction.meterUsage(of: customer, in: chosen, through: gate, at: clock))
    }
  }
}
