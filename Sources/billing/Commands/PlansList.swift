import Basics
import BillingCore

/// `billing plans list`: the plans of the catalogue.
struct PlansList: Command {
  static let name = "plans list"
  static let summary = "List the plans of the catalogue"
  static let discussion = """
    Reads plans.yaml alone: no key is needed and nothing is sent. With --interval only plans that
    can be had for that interval are listed, with that price.
    """
  static let parameters: [Parameter] = [
    .option("--interval", "I", "Only prices for this interval: month, quarter, year, 3month …")
  ]
  static let examples = ["plans list", "plans list --interval year --json"]

  var interval: BillingInterval?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    guard let text = try arguments.option("--interval") else { return }
    interval = BillingInterval(parsing: text)
    if interval == nil {
      let known = ["day", "week", "month", "quarter", "year"]
      throw UsageError(
        "--interval must be an interval such as month, quarter or year, "
          + "not \(Arguments.quoted(text))",
        suggestion: NearestName.of(text, among: known), command: Self.name)
    }
  }

  func run(_ context: Context) async throws -> ListReport {
    let catalogue = try context.catalogue()
    let plans = catalogue.plans.filter { plan in
      interval.map { plan.price($0) != nil } ?? true
    }
    let words = Dictionary(
      plans.map { plan in
        let prices = plan.prices.filter { interval == nil || $0.interval == interval }
        return (plan.id, prices.map { PlanWords.price($0) }.joined(separator: ", "))
      }
    ) { first, _ in first }
    let priceIDs = try context.knownPriceIDs()
    return ListReport(
      plans.map { PlanJSON.of($0, interval: interval, priceIDs: priceIDs) },
      keys: [
        "id", "name", "description", "rank", "prices", "trial_days", "limits", "features", "api",
        "available",
      ],
      columns: [
        Column("PLAN", "id"), Column("NAME", "name"),
        Column("PRICE") { Cell(JSON(words[$0["id"]?.string ?? ""])) },
        Column("TRIAL", alignment: .right) { plan in
          let days = plan["trial_days"]?.integer ?? 0
          return Cell(days == 0 ? "-" : "\(days) days")
        },
      ],
      empty: interval == nil
        ? "The catalogue has no plans." : "No plan has a price for that interval.")
  }
}
