import Basics
import BillingCore

struct Upgrade: Command {
  static let name = "upgrade"
  static let summary = "Move a customer to a higher plan, another interval or more seats"
  static let discussion = """
    At once, unless --at-period-end: what is left of the old plan is credited, what is left of the
    period is charged for the new one, and the difference is invoiced and taken. A decline (exit 6)
    leaves the old plan. --prorate create_prorations leaves the difference to the next invoice,
    none forgoes it.

    The interval and the quantity stay, unless --interval or --quantity says otherwise; a trial goes
    on. Also for the same plan with another interval or quantity: then its price stays the one that
    the customer has, unless --interval names the interval, which takes today's price.

    Where it bills what was used so far (metered prices go or another period begins), use that
    Stripe was not told is reported first, so that it is billed; where that fails nothing is changed.

    --preview shows what is due now and the next invoice, line by line, and changes nothing. The same
    upgrade within an hour is reckoned from the preview's moment, so it costs what was shown.
    """
  static let parameters = PlanSwitch.parameters
  static let examples = [
    "upgrade ada@example.com enterprise --preview",
    "upgrade ada@example.com team --quantity 5",
    "upgrade ada@example.com team --interval year --at-period-end",
  ]

  var change: PlanSwitch

  init(parsing arguments: inout Arguments) throws(UsageError) {
    change = try PlanSwitch(.upgrade, parsing: &arguments)
  }

  func run(_ context: Context) async throws -> ChangeReport { try await change.run(context) }
}
