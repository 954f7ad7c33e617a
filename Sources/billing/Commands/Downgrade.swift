import Basics
import BillingCore

struct Downgrade: Command {
  static let name = "downgrade"
  static let summary = "Move a customer to a lower plan, another interval or fewer seats"
  static let discussion = """
    At the end of the period, which is paid for: until then the plan stays and the subscription
    shows the pending_change; billing resume takes it back. Down to the default plan, it is a
    cancellation at the end of the period.

    With --prorate the change is made at once: always_invoice credits the difference to the
    customer's balance, create_prorations to the next invoice, none forgoes it. --preview shows what
    comes of it, and changes nothing. The interval and the quantity stay, unless --interval or
    --quantity says otherwise. Use that Stripe was not told is reported before a change at once that
    bills it, as with billing upgrade.
    """
  static let parameters = PlanSwitch.parameters
  static let examples = [
    "downgrade ada@example.com starter",
    "downgrade ada@example.com team --quantity 2 --preview",
    "downgrade ada@example.com starter --prorate create_prorations",
  ]

  var change: PlanSwitch

  init(parsing arguments: inout Arguments) throws(UsageError) {
    change = try PlanSwitch(.downgrade, parsing: &arguments)
  }

  func run(_ context: Context) async throws -> ChangeReport { try await change.run(context) }
}
