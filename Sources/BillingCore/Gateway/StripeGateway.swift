package import Basics
package import Stripe

/// Stripe with the door to the mirror: whatever it answers is taken in before anyone sees it.
package struct StripeGateway: Sendable {
  package let client: StripeClient
  package let store: Store
  package let mirror: StripeMirror
  let prices: PriceMemory

  package init(
    client: StripeClient, store: Store, mirror: StripeMirror, prices: PriceMemory = PriceMemory()
  ) {
    self.prices = prices
    self.client = client
    self.store = store
    self.mirror = mirror
  }

  /// Reads one object. Throws `StripeError`, and what the store throws.
  package func read(
    _ path: StripePath, _ parameters: JSONObject = [:], cause: String? = nil
  ) async throws -> JSON {
    let response = try await client.send(StripeRequest(.get, path, parameters))
    try takeIn([response.json], of: response, origin: .response, cause: cause)
    return response.json
  }

  /// Reads one object, or nil where Stripe does not know it.
  package func readIfKnown(
    _ path: StripePath, _ parameters: JSONObject = [:], cause: String? = nil
  ) async throws -> JSON? {
    do {
      return try await read(path, parameters, cause: cause)
    } catch StripeError.refused(let refusal) where refusal.status == 404 {
      return nil
    }
  }

  /// Reads a list to its end, or to a number of objects that are wanted; says whether there is
  /// more.
  package func list(
    _ path: StripePath, _ parameters: JSONObject = [:], limit: Int? = nil, cause: String? = nil,
    where isWanted: (JSON) throws -> Bool = { _ in true }
  ) async throws -> (objects: [JSON], hasMore: Bool) {
    var parameters = parameters
    parameters["limit"] = .integer(Int64(min(limit ?? 100, 100)))
    var objects: [JSON] = []
    for try await page in client.pages(path, parameters) {
      try takeIn(page.objects, of: page.response, origin: .page, cause: cause)
      objects += try page.objects.filter(isWanted)
      if let limit, objects.count >= limit {
        let hasMore = objects.count > limit || page.response.json["has_more"]?.bool == true
        return (Array(objects.prefix(limit)), hasMore)
      }
    }
    return (objects, false)
  }

  /// The first objects that a search finds. What a search knows may be a minute old
  /// (https://docs.stripe.com/search#data-freshness), so it never decides whether to write.
  package func search(_ path: StripePath, query: String) async throws -> [JSON] {
    let response = try await client.send(
      StripeRequest(.get, path, ["query": .string(query), "limit": 100]))
    let objects = response.json["data"]?.array ?? []
    try takeIn(objects, of: response, origin: .page, cause: nil)
    return objects
  }

  /// Takes the answer to a write in that went past the journal, because what it makes has a name
  /// of its own at Stripe (a catalogue's products and prices).
  package func takeIn(_ response: StripeResponse) throws {
    try takeIn([response.json], of: response, origin: .response, cause: nil)
  }

  /// Enters objects into the mirror in one transaction; a database that can only be read stays as
  /// it is. An answer without a `Date` cannot be dated and is not taken in.
  private func takeIn(
    _ objects: [JSON], of response: StripeResponse, origin: Snapshot.Origin, cause: String?
  ) throws {
    guard !store.isReadOnly, let date = response.date else { return }
    let snapshots = objects.compactMap {
      Snapshot($0, origin: origin, asOf: date, cause: cause)
    }
    guard !snapshots.isEmpty else { return }
    try store.write { transaction in
      for snapshot in snapshots { try mirror.apply(snapshot, in: transaction) }
    }
  }
}
