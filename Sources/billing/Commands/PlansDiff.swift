import Basics
import BillingCore

/// `billing plans diff`: what `plans seed` would change at Stripe.
struct PlansDiff: Command {
  static let name = "plans diff"
  static let summary = "Show what plans seed would change at Stripe"
  static let discussion = """
    Compares plans.yaml with what Stripe has: meters, products, prices, features, coupons and
    promotion codes. Nothing is changed. With --check it exits 10 when there are differences, as a
    drift check for CI.
    """
  static let parameters: [Parameter] = [
    .flag("--check", "Exit 10 when there are differences")
  ]
  static let examples = ["plans diff", "plans diff --check --json"]

  var checks: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    checks = arguments.flag("--check")
  }

  func run(_ context: Context) async throws -> CatalogueReport {
    let catalogue = try context.catalogue()
    let state = try await CatalogueState.load(catalogue, from: try context.client())
    let difference = CatalogueDifference(catalogue, state)
    var report = CatalogueReport(difference: difference)
    if checks, !difference.isEmpty {
      let count = difference.changes.count + difference.conflicts.count
      report.outcome = .failed(
        .drift(
          "Stripe differs from \(context.shown(context.settings.plansPath)) in "
            + "\(count) \(count == 1 ? "point" : "points")",
          hint: difference.changes.isEmpty ? nil : "billing plans seed brings it in step"))
    }
    return report
  }
}
