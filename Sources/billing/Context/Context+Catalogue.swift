import BillingCore

extension Context {
  /// The plan catalogue, read at first use, with the price ids that the environment names.
  func catalogue() throws -> Catalogue {
    try connections.catalogue {
      try requireNoCardNumber()
      return try Catalogue(path: settings.plansPath, shownAs: shown(settings.plansPath))
        .applying(environment: environment.all)
    }
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
