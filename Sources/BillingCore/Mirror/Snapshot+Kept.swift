import Basics

/// An object reads the same however it was asked for: what stands expanded in it is an object by
/// itself, and leaves its id.
extension Snapshot {
  /// What may stand expanded in an object and is an object of the mirror by itself.
  private static let references = [
    "customer", "latest_invoice", "default_payment_method", "subscription", "schedule", "product",
    "coupon", "promotion_code",
  ]

  /// What may stand expanded in an object, and of which only the id is kept.
  private static let unkeptReferences = ["payment_intent", "charge", "pending_setup_intent"]

  /// The objects that stand expanded in this one, told by the same teller.
  var expanded: [Snapshot] {
    var inner = expandedReferences.compactMap { object[$0] }
    inner += object["discounts"]?.array ?? []
    if let coupon = object["source"]?["coupon"] { inner.append(coupon) }
    inner += object["subscriptions"]?["data"]?.array ?? []
    return inner.compactMap { nested($0) }
  }

  /// Those of the references in whose place there is an object, in their order.
  private var expandedReferences: [String] {
    let keys = object.keysOfObjects
    return Self.references.filter { keys.contains($0) }
  }

  /// The object as the mirror keeps it: with ids for what stands expanded in it, and without what
  /// is secret or fleeting.
  var kept: JSON {
    var object = object
    for key in expandedReferences { object[key] = object[key].map { reference($0) } }
    if let discounts = object["discounts"]?.array, discounts.contains(where: { $0.object != nil }) {
      object["discounts"] = .array(discounts.map { reference($0) })
    }
    if var source = object["source"]?.object, let coupon = source["coupon"] {
      source["coupon"] = reference(coupon)
      object["source"] = .object(source)
    }
    for key in Self.unkeptReferences {
      if let id = object[key]?["id"] { object[key] = id }
    }
    for fleeting in ["subscriptions", "payments"] { object[fleeting] = nil }
    return isPlain ? .object(object) : JSON.object(object).withoutSecrets
  }

  /// The id of an object that stands in another one; of an id the id.
  private func reference(_ json: JSON) -> JSON { nested(json).map { .string($0.id) } ?? json }
}

extension JSON {
  /// The value without what lets its bearer act, at whatever depth it stands.
  var withoutSecrets: JSON {
    switch self {
    case .object(var object):
      for name in Self.secretNames { object[name] = nil }
      for (key, value) in object where value.hasSecrets { object[key] = value.withoutSecrets }
      return .object(object)
    case .array(let elements): return .array(elements.map { $0.withoutSecrets })
    default: return self
    }
  }

  /// Whether it tells such a thing: where there is only the place for one, nothing is to be hidden.
  var tellsSecrets: Bool {
    switch self {
    case .object(let object):
      object.contains { key, value in
        Self.isSecret(key) && !value.isNull || value.tellsSecrets
      }
    case .array(let elements): elements.contains { $0.tellsSecrets }
    default: false
    }
  }

  /// Whether `withoutSecrets` would take anything away.
  var hasSecrets: Bool { hasMember(named: Self.secretNames) }

  private static let secretNames = ["client_secret", "confirmation_secret"]

  private static func isSecret(_ key: String) -> Bool { secretNames.contains(key) }
}
