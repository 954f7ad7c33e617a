import BillingCore

extension Context {
  /// The catalogue of this run, with the price ids that the environment names.
  func catalogue() throws -> Catalogue {
    let catalogue = try Catalogue(
      path: settings.plansPath, shownAs: shown(settings.plansPath))
    var values: [String: String] = [:]
    for plan in catalogue.plans {
      for price in plan.prices {
        for name in Catalogue.environmentNames(plan: plan.id, price.interval) {
          values[name] = environment[name]
        }
      }
    }
    return try catalogue.applying(environment: values)
  }
}
