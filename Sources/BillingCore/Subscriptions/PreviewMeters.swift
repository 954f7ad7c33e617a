import Stripe

// Lines of two meters may read the same, since Stripe names the product and the tier alone; what
// tells them apart is the meter of the price.

extension StripeGateway {
  /// The meters that these prices bill, by the price; those that bill none are left out.
  package func meters(
    ofPrices ids: [String], in catalogue: Catalogue?
  ) async throws -> [String: String] {
    var meters: [String: String] = [:]
    for id in Set(ids).sorted() {
      guard let json = try await price(id) else { continue }
      let price = try Price(json)
      meters[id] = catalogue?.meterID(of: price) ?? price.recurring?.meterID
    }
    return meters
  }
}

extension ProrationPreview {
  /// The same with the meters of its lines.
  package func naming(_ meters: [String: String]) -> ProrationPreview {
    var named = self
    named.lines = lines.map { line in
      var line = line
      line.meterID = line.priceID.flatMap { meters[$0] }
      return line
    }
    return named
  }
}
