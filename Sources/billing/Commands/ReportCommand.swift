import Basics
import BillingCore

/// `billing report --html FILE`: how the business stands, as a page.
struct ReportCommand: Command {
  static let name = "report"
  static let summary = "Write how the business stands as a page: revenue, plans, dunning, usage"
  static let discussion = """
    Writes one HTML file that stands by itself, for those who have no shell: the figures of billing
    metrics, twelve months of revenue and what made it more or less, the plans, the bills that wait
    for a payment with the last refusal, usage near limits, and whether webhooks arrive. Charts have
    their numbers beside them in a table.

    It loads nothing from elsewhere, works without JavaScript, follows the reader's light or dark
    setting, and prints. It names customers, so only its owner may read the file. Reads the mirror,
    without asking Stripe. An existing file is replaced.
    """
  static let parameters: [Parameter] = [
    PageFile.parameter,
    .option("--currency", "C", "What is billed in C (default: the catalogue's)"),
  ]
  static let examples = ["report --html report.html", "report --html report.html --currency eur"]

  var file: PageFile
  var currency: String?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    file = try PageFile(parsing: &arguments)
    currency = try arguments.currency("--currency")
  }

  func run(_ context: Context) async throws -> ObjectReport {
    let (catalogue, now, store) = (
      try context.catalogueForNames(), try context.now(), try context.store()
    )
    var facts = try store.read {
      try ReportFacts(reading: $0, at: now, currency: currency, catalogue)
    }
    facts.mode = try store.mode()
    if let catalogue {
      facts.alerts = try context.usageAlerts(in: catalogue, at: now).map {
        .init(alert: $0, customer: $1)
      }
      .sorted { ($1.alert.percent, $0.alert.customerID) < ($0.alert.percent, $1.alert.customerID) }
    }
    return try file.write(ReportPage(facts: facts).html, mode: 0o600, context)
  }
}
