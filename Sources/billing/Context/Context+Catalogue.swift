import BillingCore

extension Context {
  /// The plan catalogue, read at first use, with the price ids that the environment names.
  func catalogue() throws -> Catalogue {
    try connections.catalogue { try readCatalogue() }
  }

  /// The catalogue as it stands in the file now.
  func readCatalogue() throws -> Catalogue {
    try requireNoCardNumber()
    return try Catalogue(path: settings.plansPath, shownAs: shown(settings.plansPath))
      .applying(environment: environment.all)
  }

  /// The catalogue for what can do without one; one with mistakes, or one that was named and is not
  /// there, is still an error.
  func catalogueIfAny() throws -> Catalogue? {
    do {
      return try catalogue()
    } catch CatalogueError.missing where !settings.namesPlans {
      return nil
    }
  }

  /// The catalogue for what only calls plans by their names: a slip in the price list must not keep
  /// anyone from being shown, or from cancelling.
  func catalogueForNames() throws -> Catalogue? {
    do {
      return try catalogueIfAny()
    } catch let error as CatalogueError {
      if case .missing = error { throw error }
      if connections.isFirst("catalogue") {
        warn("\(error.explanation.message), so plans go without their names")
      }
      return nil
    }
  }

  /// The metadata keys under which a customer's own id is found; the first is written.
  func externalIDKeys() throws -> [String] {
    try catalogueForNames()?.externalIDMetadata ?? Catalogue.defaultExternalIDKeys
  }

  /// The metadata key under which a customer's own id is written.
  func externalIDKey() throws -> String {
    try catalogueIfAny()?.externalIDKey ?? Catalogue.defaultExternalIDKeys[0]
  }

  /// A card number in the catalogue would go to Stripe and into logs. A file that cannot be read is
  /// left to the catalogue, which says why.
  private func requireNoCardNumber() throws(CommandError) {
    guard let text = try? Files.text(of: settings.plansPath), let line = CardNumber.line(in: text)
    else { return }
    throw .usage(
      "\(shown(settings.plansPath)):\(line): a card number does not belong in the catalogue",
      hint: "remove it; a customer's card is a payment method (pm_…)")
  }
}
