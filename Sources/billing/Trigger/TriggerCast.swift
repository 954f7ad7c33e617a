import Basics
import BillingCore
import Stripe

/// The objects of the mirror that take part in a script where it would make new ones.
struct TriggerCast {
  /// The roles that can be taken over, each by the name that Stripe has for the kind of object.
  private static let roles = ["customer", "subscription", "product", "price", "payment_method"]

  /// Who stands in for whom, by role.
  private var ids: [String: String] = [:]
  /// What the mirror knows of them, by id.
  private var objects: [String: JSON] = [:]
  /// What the script is told of them.
  private(set) var words: [String: String] = [
    "plan": "Triggered", "currency": "usd", "amount": "1900", "interval": "month", "count": "1",
  ]

  /// - Parameter customerID: nil for a made-up customer.
  init(customerID: String?, in context: Context) throws {
    let token = context.world.makeToken(6).lowercased()
    words["email"] = "made-up-\(token)@example.com"
    words["name"] = "Made Up"
    if let customerID { try take(customerID, context) }
    if ids["price"] == nil { try takePrice(context) }
    let ids = ids
    objects = try context.store().read { transaction in
      try ids.values.reduce(into: [:]) { $0[$1] = try transaction.objectJSON($1) }
    }
  }

  var hasCustomer: Bool { ids["customer"] != nil }

  /// Whether all that a script needs is there already, so that nothing of its setting is news.
  func isComplete(for script: TriggerScript) -> Bool {
    hasCustomer && (!script.needsSubscription || ids["subscription"] != nil)
  }

  private mutating func take(_ customerID: String, _ context: Context) throws {
    ids["customer"] = customerID
    let (json, subscription) = try context.store().read { transaction in
      (
        try transaction.objectJSON(customerID),
        try transaction.subscriptions(ofCustomer: customerID).first { $0.endedAt == nil }
          .flatMap { try transaction.subscriptionJSON($0.id) }.map { try Subscription($0) }
      )
    }
    if let email = json?["email"]?.string { words["email"] = email }
    if let name = json?["name"]?.string { words["name"] = name }
    ids["payment_method"] = json?[at: "invoice_settings", "default_payment_method"]?.string
    guard let subscription, let price = subscription.items.first?.price else { return }
    ids["subscription"] = subscription.id
    takePrice(
      price.id, product: price.productID, currency: price.currency, amount: price.unitAmount,
      interval: price.recurring?.interval.rawValue, count: price.recurring?.intervalCount)
  }

  /// The price of the first plan that is for sale and was seeded.
  private mutating func takePrice(_ context: Context) throws {
    guard let catalogue = try context.catalogueForNames() else { return }
    let known = try context.knownPriceIDs()
    for plan in catalogue.plans where plan.isForSale {
      for price in plan.prices {
        guard let id = known[price.lookupKey] else { continue }
        words["plan"] = plan.name
        return takePrice(
          id, product: catalogue.productID(of: plan), currency: price.currency,
          amount: price.unitAmount, interval: price.interval.unit.rawValue,
          count: price.interval.count)
      }
    }
  }

  private mutating func takePrice(
    _ id: String, product: String?, currency: String, amount: Int64?, interval: String?,
    count: Int?
  ) {
    (ids["price"], ids["product"]) = (id, product)
    words["currency"] = currency
    if let amount { words["amount"] = "\(amount)" }
    if let interval { words["interval"] = interval }
    if let count { words["count"] = "\(count)" }
  }

  // MARK: Playing

  /// The events that came of a script, told of the objects of the mirror. What the script had to
  /// make of what is there is left out.
  ///
  /// - Parameter made: the ids that the script made for itself by the end of its setting, by role.
  func events(
    setting: [JSON], act: [JSON], made: [String: String], script: TriggerScript
  ) throws -> [JSON] {
    var replaced: [String: String] = [:]
    for role in Self.roles {
      if let id = ids[role], let other = made[role] { replaced[other] = id }
    }
    let setting = try setting.map { try Self.replacing(replaced, in: $0) }
    let taken = Set(replaced.values)
    var before: [String: JSON] = [:]
    for event in setting {
      guard let object = event[at: "data", "object"], let id = object["id"]?.string else {
        continue
      }
      if taken.contains(id) { before[id] = object }
    }
    var told = objects
    let acted = try act.map { event in
      try own(
        try Self.replacing(replaced, in: event), before: &before, told: &told,
        takesOver: script.takesOver)
    }
    if isComplete(for: script) { return acted }
    return setting.filter { !taken.contains($0[at: "data", "object", "id"]?.string ?? "") } + acted
  }

  private static func replacing(_ ids: [String: String], in event: JSON) throws -> JSON {
    try JSON(parsing: ids.reduce(event.compact) { $0.replacing($1.key, with: $1.value) })
  }

  /// An event about an object of the mirror: that object with what has changed on the stage.
  private func own(
    _ event: JSON, before: inout [String: JSON], told: inout [String: JSON], takesOver: [String]
  ) throws -> JSON {
    guard let object = event[at: "data", "object"], let id = object["id"]?.string,
      let old = told[id]
    else { return event }
    guard let last = before.updateValue(object, forKey: id) else {
      // It comes about in the script, and is there already: told as it is.
      var result = event.object ?? [:]
      result["data"] = ["object": old]
      return .object(result)
    }
    guard var new = Self.patched(old, from: last, to: object).object else { return event }
    let copied = object["object"] == "subscription" ? takesOver : []
    for key in copied { new[key] = object[key] ?? .null }
    told[id] = .object(new)
    var data: JSONObject = ["object": .object(new)]
    if let previous = event[at: "data", "previous_attributes"] {
      data["previous_attributes"] = Self.previous(
        previous, old: old, new: .object(new), also: copied)
    }
    var result = event.object ?? [:]
    result["data"] = .object(data)
    return .object(result)
  }

  /// Of the fields that an event says have changed, those that did, as they were.
  private static func previous(
    _ previous: JSON, old: JSON, new: JSON, also: [String]
  ) -> JSON {
    var result = JSONObject()
    let keys = previous.object?.keys ?? []
    for key in keys + also.filter({ !keys.contains($0) }) where old[key] != new[key] {
      result[key] = old[key] ?? .null
    }
    return .object(result)
  }

  /// What stands at `base`, with what became different between two other states of the same thing.
  static func patched(_ base: JSON, from before: JSON, to after: JSON) -> JSON {
    if before == after { return base }
    if var object = base.object, let old = before.object, let new = after.object {
      for (key, value) in new {
        object[key] = patched(object[key] ?? .null, from: old[key] ?? .null, to: value)
      }
      return .object(object)
    }
    // Of items every one moves on as the one on the stage did.
    if let elements = base.array, let old = before.array, let new = after.array, old.count == 1,
      new.count == 1, elements.first?.object != nil
    {
      return .array(elements.map { patched($0, from: old[0], to: new[0]) })
    }
    return after
  }
}
