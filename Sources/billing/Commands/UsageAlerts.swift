import Basics
import BillingCore

struct UsageAlerts: Command {
  static let name = "usage alerts"
  static let summary = "Show who has used much of a limit, or of what the plan includes"
  static let discussion = """
    An alert for each customer and meter that reached the first percentage of alerts: in plans.yaml,
    counted in the limit's own window, else in the billing period. It is a warning, and critical from
    100 percent. Reads what is written down here.

    --notify puts into the outbox that a percentage is reached, each once in a window, and once a
    period that the use is billed. --check exits 10 where an alert is critical.
    """
  static let parameters: [Parameter] = [
    .option("--customer", "C", "Of one customer alone"),
    .flag("--check", "Exit 10 where an alert is critical"),
    .flag("--notify", "Put what was not told yet into the outbox"),
  ]
  static let examples = ["usage alerts", "usage alerts --check --json", "usage alerts --notify"]

  var reference: CustomerReference?
  var checks: Bool
  var notifies: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customerOption()
    checks = arguments.flag("--check")
    notifies = arguments.flag("--notify")
  }

  func run(_ context: Context) async throws -> ListReport {
    let catalogue = try context.catalogue()
    if notifies { try context.requireOwnWrite("put alerts into the outbox") }
    let clock = try context.now()
    var ids: [String]?
    if let reference { ids = [try await context.mirroredCustomerID(reference)] }
    let alerts = try context.usageAlerts(of: ids, in: catalogue, at: clock).map { $0.alert }
    if notifies { try notify(alerts, at: clock, context) }
    let critical = alerts.count { $0.isCritical }
    return ListReport(
      alerts.map { .object(AlertView.json($0)) }, keys: AlertView.keys,
      columns: AlertView.columns, empty: "no alerts",
      outcome: checks && critical > 0
        ? .failed(
          .partial(
            "\(critical) of \(alerts.count) alerts \(critical == 1 ? "is" : "are") critical"))
        : .done)
  }

  private func notify(
    _ alerts: [UsageAlert], at clock: Timestamp, _ context: Context
  ) throws {
    guard !context.settings.isDryRun else {
      return context.note("nothing was written down")
    }
    let told = try context.store().write { transaction in
      try alerts.flatMap { $0.occurrences(at: clock) }.count { try transaction.tell($0) }
    }
    context.note("\(told) \(told == 1 ? "notification" : "notifications") put into the outbox")
  }
}

extension Arguments {
  /// The customer of `--customer`, where one is given.
  func customerOption() throws(UsageError) -> CustomerReference? {
    guard let word = try option("--customer") else { return nil }
    guard let reference = CustomerReference(word) else {
      throw error("--customer must be an id (cus_…), an e-mail address or an id of yours")
    }
    return reference
  }
}
