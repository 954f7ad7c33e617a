import Basics
package import Stripe

/// What Stripe has of a catalogue: the other side of a difference.
package struct CatalogueState: Sendable, Hashable {
  /// Of each event name the active meter, else an inactive one.
  var meters: [Meter] = []
  var products: [Product] = []
  /// With their tiers.
  var prices: [Price] = []
  var features: [EntitlementFeature] = []
  /// The features of each product that exists.
  var productFeatures: [String: [ProductFeature]] = [:]
  var coupons: [Coupon] = []
  var promotionCodes: [PromotionCode] = []
  /// Whether what the catalogue does not name was read as well.
  var isWhole = false
  /// The version in which Stripe is spoken to; it decides how a promotion code names its coupon.
  var apiVersion = ""

  /// A feature as a product grants it.
  struct ProductFeature: Sendable, Hashable {
    let id: String
    let featureID: String
  }

  func meter(eventName: String) -> Meter? {
    let named = meters.filter { $0.eventName == eventName }
    return named.first { $0.status == "active" } ?? named.first
  }

  func product(_ id: String) -> Product? { products.first { $0.id == id && !$0.isDeleted } }
  func price(_ id: String) -> Price? { prices.first { $0.id == id } }
  func price(lookupKey: String) -> Price? { prices.first { $0.lookupKey == lookupKey } }

  func feature(lookupKey: String) -> EntitlementFeature? {
    let named = features.filter { $0.lookupKey == lookupKey }
    return named.first { $0.isActive } ?? named.first
  }

  func coupon(_ id: String) -> Coupon? { coupons.first { $0.id == id } }

  /// Codes are told apart without regard to case; of several the active one counts.
  func promotionCode(_ code: String) -> PromotionCode? {
    let named = promotionCodes.filter { $0.code.uppercased() == code.uppercased() }
    return named.first { $0.isActive } ?? named.first
  }
}

// MARK: Reading

extension CatalogueState {
  /// Reads what a catalogue needs, many lists at once. `whole` also reads what else carries the
  /// namespace, so that it can be archived. Throws `StripeError`, and `MalformedObject`.
  package static func load(
    _ catalogue: Catalogue, from client: StripeClient, whole: Bool = false
  ) async throws -> CatalogueState {
    let reader = CatalogueStateReader(catalogue: catalogue, client: client, whole: whole)
    async let meters = reader.meters()
    async let products = reader.products()
    async let features = reader.features()
    async let coupons = reader.coupons()
    async let codes = reader.promotionCodes()
    async let named = reader.namedPrices()
    var state = CatalogueState(isWhole: whole, apiVersion: client.configuration.apiVersion)
    state.products = try await products
    let ids = state.products.filter { !$0.isDeleted }.map { $0.id }
    async let sold = reader.prices(ofProducts: ids)
    async let granted = reader.productFeatures(ids)
    state.prices = try await Self.unique(named + sold)
    state.productFeatures = try await granted
    state.meters = try await meters
    state.features = try await features
    state.coupons = try await coupons
    state.promotionCodes = try await codes
    return state
  }

  private static func unique(_ prices: [Price]) -> [Price] {
    var seen: Set<String> = []
    return prices.filter { seen.insert($0.id).inserted }
  }
}

/// The calls that bring a state.
struct CatalogueStateReader: Sendable {
  let catalogue: Catalogue
  let client: StripeClient
  let whole: Bool

  func meters() async throws -> [Meter] {
    if catalogue.meters.isEmpty { return [] }
    return try await list(StripePath("billing", "meters")) { try Meter($0) }
  }

  func products() async throws -> [Product] {
    let ids =
      catalogue.plans.compactMap { $0.productID } + catalogue.packages.map { $0.productID }
    var parameters: [JSONObject] = chunks(ids, of: 100).map {
      ["ids": .array($0.map { JSON.string($0) })]
    }
    if whole { parameters.append(["active": true]) }
    let products = try await lists(StripePath("products"), parameters) { try Product($0) }
    var seen: Set<String> = []
    return products.filter { seen.insert($0.id).inserted }
  }

  /// The prices that have the catalogue's lookup keys, and those it names by id.
  func namedPrices() async throws -> [Price] {
    let keys =
      catalogue.plans.flatMap { plan in
        plan.prices.filter { $0.id == nil }.map { $0.lookupKey }
          + plan.overages.flatMap { $0.prices.map { $0.lookupKey } }
      } + catalogue.packages.filter { $0.priceID == nil }.map { $0.lookupKey }
    // A call takes ten lookup keys at most.
    let parameters: [JSONObject] = chunks(keys, of: 10).map {
      ["lookup_keys": .array($0.map { JSON.string($0) }), "expand": ["data.tiers"]]
    }
    async let found = lists(StripePath("prices"), parameters) { try Price($0) }
    let ids =
      catalogue.plans.flatMap { $0.prices.compactMap { $0.id } }
      + catalogue.packages.compactMap { $0.priceID }
    async let made = concurrently(ids) { id in
      try await one(StripePath("prices", id)) { try Price($0) }
    }
    return try await found + made
  }

  /// The active prices of the catalogue's products, to find those that were left behind.
  func prices(ofProducts ids: [String]) async throws -> [Price] {
    let parameters: [JSONObject] = ids.map {
      ["product": .string($0), "active": true, "expand": ["data.tiers"]]
    }
    return try await lists(StripePath("prices"), parameters) { try Price($0) }
  }

  func features() async throws -> [EntitlementFeature] {
    if catalogue.featureIDs.isEmpty, !whole { return [] }
    return try await list(StripePath("entitlements", "features")) { try EntitlementFeature($0) }
  }

  func productFeatures(
    _ ids: [String]
  ) async throws -> [String: [CatalogueState.ProductFeature]] {
    if catalogue.featureIDs.isEmpty { return [:] }
    let found = try await concurrently(ids) { id in
      let features = try await list(StripePath("products", id, "features")) { json in
        guard let own = json["id"]?.string,
          let feature = json["entitlement_feature"]?["id"]?.string
            ?? json["entitlement_feature"]?.string
        else {
          throw MalformedObject(
            kind: "product_feature", id: json["id"]?.string, path: "entitlement_feature",
            expected: "a feature")
        }
        return CatalogueState.ProductFeature(id: own, featureID: feature)
      }
      return [(id, features)]
    }
    return Dictionary(found) { first, _ in first }
  }

  func coupons() async throws -> [Coupon] {
    if whole { return try await list(StripePath("coupons")) { try Coupon($0) } }
    return try await concurrently(catalogue.coupons.map { $0.id }) { id in
      try await one(StripePath("coupons", id)) { try Coupon($0) }
    }
  }

  func promotionCodes() async throws -> [PromotionCode] {
    if whole { return try await list(StripePath("promotion_codes")) { try PromotionCode($0) } }
    let parameters: [JSONObject] = catalogue.coupons.flatMap { $0.promotionCodes }.map {
      ["code": .string($0)]
    }
    return try await lists(StripePath("promotion_codes"), parameters) { try PromotionCode($0) }
  }

  // MARK: Calls

  private func list<Object: Sendable>(
    _ path: StripePath, _ parameters: JSONObject = [:],
    read: @Sendable (JSON) throws -> Object
  ) async throws -> [Object] {
    var objects: [Object] = []
    for try await json in client.objects(path, parameters) { objects.append(try read(json)) }
    return objects
  }

  private func lists<Object: Sendable>(
    _ path: StripePath, _ parameters: [JSONObject],
    read: @Sendable @escaping (JSON) throws -> Object
  ) async throws -> [Object] {
    try await concurrently(parameters) { try await list(path, $0, read: read) }
  }

  /// One object, or none where Stripe does not know it.
  private func one<Object: Sendable>(
    _ path: StripePath, read: @Sendable (JSON) throws -> Object
  ) async throws -> [Object] {
    do {
      return [try read(try await client.send(StripeRequest(.get, path)).json)]
    } catch StripeError.refused(let refusal) where refusal.status == 404 {
      return []
    }
  }

  /// The results in the order of the inputs.
  private func concurrently<Input: Sendable, Output: Sendable>(
    _ inputs: [Input], _ work: @Sendable @escaping (Input) async throws -> [Output]
  ) async throws -> [Output] {
    try await withThrowingTaskGroup(of: (Int, [Output]).self) { group in
      for (index, input) in inputs.enumerated() {
        group.addTask { (index, try await work(input)) }
      }
      var results = [[Output]](repeating: [], count: inputs.count)
      for try await (index, outputs) in group { results[index] = outputs }
      return results.flatMap { $0 }
    }
  }

  private func chunks<Element>(_ elements: [Element], of size: Int) -> [[Element]] {
    stride(from: 0, to: elements.count, by: size).map {
      Array(elements[$0..<min($0 + size, elements.count)])
    }
  }
}
