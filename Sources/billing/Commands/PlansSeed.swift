import Basics
import BillingCore
import Stripe

/// `billing plans seed`: makes Stripe as the catalogue says.
struct PlansSeed: Command {
  static let name = "plans seed"
  static let summary = "Bring Stripe in step with the catalogue"
  static let discussion = """
    Carries out what plans diff shows: creates what is missing, updates what may change, and
    replaces a price whose amount changed by a new one that takes its lookup key over; subscribers
    stay on the old price and keep their plan. Only what carries the catalogue's namespace in its
    metadata is changed. With --prune what is no longer in the catalogue is archived, which needs a
    yes. Run twice it changes nothing the second time. Exit 10 when a part failed.
    """
  static let parameters: [Parameter] = [
    .flag("--prune", "Also archive what is no longer in the catalogue")
  ]
  static let examples = ["plans seed --dry-run", "plans seed", "plans seed --prune --yes"]
  static let isBatch = true

  var prunes: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    prunes = arguments.flag("--prune")
  }

  func run(_ context: Context) async throws -> CatalogueReport {
    let catalogue = try context.catalogue()
    try context.requireWrite(
      prunes
        ? "seed Stripe and archive what the catalogue \(catalogue.namespace) no longer has"
        : "seed Stripe from the catalogue \(catalogue.namespace)", destroys: prunes)
    let gateway = try await context.gateway()
    let state = try await CatalogueState.load(catalogue, from: gateway.client, whole: prunes)
    let difference = CatalogueDifference(catalogue, state)
    if context.settings.isDryRun {
      return CatalogueReport(
        difference: difference, isDryRun: true, closing: "A dry run: nothing was changed.")
    }

    let progress = context.progress("seeding", total: Int64(difference.changes.count))
    let outcome = await CatalogueSeeding.run(
      difference, client: gateway.client, apply: { try gateway.takeIn($0) },
      onProgress: { _, _ in progress.advance() })
    progress.finish()
    for failure in outcome.failures {
      let change = failure.change
      let name = change.lookupKey ?? change.id ?? "-"
      context.warn(
        "\(change.action.rawValue) \(change.object.rawValue) \(name): \(Self.words(failure.reason))"
      )
    }
    return CatalogueReport(
      difference: difference, applied: outcome.applied.count, id: { outcome.id(of: $0) },
      closing: difference.changes.isEmpty
        ? nil : "\(outcome.applied.count) of \(difference.changes.count) carried out.",
      outcome: Self.outcome(outcome, difference))
  }

  private static func outcome(
    _ outcome: CatalogueSeeding.Outcome, _ difference: CatalogueDifference
  ) -> Outcome {
    if !outcome.failures.isEmpty {
      return .failed(
        .partial(
          "\(outcome.failures.count) of \(difference.changes.count) changes failed",
          hint: "run it again: what is done is not done twice"))
    }
    guard !difference.conflicts.isEmpty else { return .done }
    let count = difference.conflicts.count
    return .failed(
      .partial("\(count) \(count == 1 ? "conflict needs" : "conflicts need") a decision"))
  }

  private static func words(_ reason: CatalogueSeeding.Reason) -> String {
    switch reason {
    case .stripe(let error): CommandError(explaining: error).message
    case .needs(let name): "\(name) could not be made"
    case .response(let error): CommandError(explaining: error).message
    }
  }
}
