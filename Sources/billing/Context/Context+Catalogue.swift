import BillingCore

extension Context {
  /// The plan catalogue, read at first use, with the price ids that the environment names.
  func catalogue() throws -> Catalogue {
    try connections.catalogue {
      try Catalogue(path: settings.plansPath, shownAs: shown(settings.plansPath))
        .applying(environment: environment.all)
    }
  }
}
