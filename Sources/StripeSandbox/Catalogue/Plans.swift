import Basics

/// Recurring prices by the name that they had before: `/v1/plans`. They can be read, not made.
enum Plans: Resource {
  static let types: [ResourceType] = []

  static let operations: [Operation] = [
    .get("/v1/plans", list),
    .get("/v1/plans/{id}", retrieve),
  ]

  private static func retrieve(_ call: Call) throws -> JSON {
    guard let price = try call.find("price", call.id), price.object("recurring") != nil else {
      throw SandboxError.missing("plan", id: call.id, parameter: "plan")
    }
    return SubscriptionItems.plan(price)
  }

  private static func list(_ call: Call) throws -> JSON {
    var query = ObjectQuery(type: "price")
    query.created = try call.createdRange()
    let plans = try call.store.objects(query).filter { price in
      price.object("recurring") != nil
        && call["active"].map { price["active"] == $0 } ?? true
        && call["product"].map { price["product"] == $0 } ?? true
    }
    return try call.page(of: plans.compactMap { SubscriptionItems.plan($0).object })
  }
}
