package import Basics
package import Stripe

// A subscription schedule names the prices of its phases by their ids alone, and Stripe expands no
// list that deep; the plan and the interval of what is to come stand in the prices.

extension JSON {
  /// A subscription schedule with the prices of its phases put in, where there are any to be had.
  func withPrices(_ price: (String) throws -> JSON?) rethrows -> JSON {
    guard var schedule = object, let phases = schedule["phases"]?.array else { return self }
    schedule["phases"] = .array(
      try phases.map { phase in
        guard var phase = phase.object, let items = phase["items"]?.array else { return phase }
        phase["items"] = .array(
          try items.map { item in
            guard var item = item.object, let id = item["price"]?.string,
              let price = try price(id)
            else { return item }
            item["price"] = price
            return .object(item)
          })
        return .object(phase)
      })
    return .object(schedule)
  }

  /// The ids of the prices of its phases.
  fileprivate var phasePrices: [String] {
    (self["phases"]?.array ?? []).flatMap { $0["items"]?.array ?? [] }
      .compactMap { $0["price"]?.string }
  }
}

extension StripeGateway {
  /// A subscription as Stripe told it, whose schedule, where that was expanded, has its prices: the
  /// mirror's, else Stripe's.
  package func subscription(_ json: JSON) async throws -> Subscription {
    guard var object = json.object, let schedule = object["schedule"], schedule.object != nil
    else { return try Subscription(json) }
    var prices: [String: JSON] = [:]
    for id in schedule.phasePrices where prices[id] == nil {
      prices[id] = try await price(id)
    }
    object["schedule"] = schedule.withPrices { prices[$0] }
    return try Subscription(.object(object))
  }

  /// A price, which never changes what it costs: the mirror's, else Stripe's.
  func price(_ id: String) async throws -> JSON? {
    if let known = try store.read({ try $0.objectJSON(id) }) { return known }
    return try await readIfKnown(StripePath("prices", id))
  }
}
