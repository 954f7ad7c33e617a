import Basics
package import Stripe

/// The one door: everything that Stripe says — the answer to a call, an event, a page of a list —
/// enters the database through `apply`, which decides whether it is news, writes it, and returns
/// what became different.
package struct StripeMirror: Sendable {
  /// The plan that a price belongs to: the catalogue's answer, nil where it has none.
  package typealias PlanOfPrice = @Sendable (Price) -> String?

  private let planOfPrice: PlanOfPrice
  /// The metadata keys under which a customer's own id is looked for, in this order.
  private let externalIDKeys: [String]

  package init(planOfPrice: @escaping PlanOfPrice, externalIDKeys: [String]) {
    self.planOfPrice = planOfPrice
    self.externalIDKeys = externalIDKeys
  }

  /// Takes one snapshot in, with the objects that are expanded in it. Throws `MalformedObject` for
  /// an object that is not what its type says; the transaction is then the caller's to roll back.
  @discardableResult
  package func apply(_ snapshot: Snapshot, in transaction: Transaction) throws -> [Transition] {
    var transitions: [Transition] = []
    let object = try collapse(snapshot, in: transaction, &transitions)
    guard Self.mirroredTypes.contains(snapshot.type), !snapshot.isPreview else {
      return transitions
    }
    let json = JSON.object(object).withoutSecrets
    let stored = try transaction.storedObject(snapshot.id)
    switch Freshness.of(snapshot, json: json, against: stored) {
    case .stale: break
    case .known:
      // It was still so at this age: what is older than that is no news either.
      if let stored, snapshot.asOf > stored.asOf { try transaction.confirmObject(snapshot) }
    case .news:
      try transaction.putObject(json, of: snapshot)
      transitions += try write(json, of: snapshot, in: transaction)
    }
    return transitions
  }

  /// The types that have a table, or whose whole JSON is wanted later.
  private static let mirroredTypes: Set<String> = [
    "customer", "subscription", "invoice", "payment_method", "product", "price", "coupon",
    "promotion_code", "discount", "billing.meter", "entitlements.feature",
    "refund",
  ]

  static func isMirrored(_ object: JSON) -> Bool {
    object["object"]?.string.map(mirroredTypes.contains) ?? false
  }

  /// What may stand expanded in an object and is an object of the mirror by itself.
  private static let references = [
    "customer", "latest_invoice", "default_payment_method", "subscription", "product", "coupon",
    "promotion_code",
  ]

  /// Takes expanded objects in by themselves and leaves their ids, so that an object reads the
  /// same however it was asked for; what is secret or fleeting is not kept.
  private func collapse(
    _ snapshot: Snapshot, in transaction: Transaction, _ transitions: inout [Transition]
  ) throws -> JSONObject {
    var object = snapshot.object
    for key in Self.references {
      guard let inner = object[key] else { continue }
      object[key] = try collapse(inner, of: snapshot, in: transaction, &transitions)
    }
    if let discounts = object["discounts"]?.array {
      object["discounts"] = .array(
        try discounts.map { try collapse($0, of: snapshot, in: transaction, &transitions) })
    }
    if var source = object["source"]?.object, let coupon = source["coupon"] {
      source["coupon"] = try collapse(coupon, of: snapshot, in: transaction, &transitions)
      object["source"] = .object(source)
    }
    if let subscriptions = object["subscriptions"]?["data"]?.array {
      for inner in subscriptions.compactMap({ snapshot.nested($0) }) {
        transitions += try apply(inner, in: transaction)
      }
    }
    for reference in Self.unkeptReferences {
      if let id = object[reference]?["id"] { object[reference] = id }
    }
    for fleeting in ["subscriptions", "payments"] { object[fleeting] = nil }
    return object
  }

  /// What may stand expanded in an object, and of which only the id is kept.
  private static let unkeptReferences = ["payment_intent", "charge", "pending_setup_intent"]

  /// The id of an object that stands in another one, once it is taken in; of an id the id.
  private func collapse(
    _ json: JSON, of snapshot: Snapshot, in transaction: Transaction,
    _ transitions: inout [Transition]
  ) throws -> JSON {
    guard let inner = snapshot.nested(json) else { return json }
    transitions += try apply(inner, in: transaction)
    return .string(inner.id)
  }

  private func write(
    _ json: JSON, of snapshot: Snapshot, in transaction: Transaction
  ) throws -> [Transition] {
    switch snapshot.type {
    case "customer": try writeCustomer(json, in: transaction)
    case "subscription": return try writeSubscription(json, of: snapshot, in: transaction)
    case "invoice" where json["deleted"]?.bool == true:
      try transaction.removeInvoice(snapshot.id)
    case "invoice": try transaction.putInvoice(Invoice(json))
    case "payment_method": try transaction.putPaymentMethod(PaymentMethod(json))
    case "product" where json["deleted"]?.bool == true:
      try transaction.markProductDeleted(snapshot.id)
    case "price" where json["deleted"]?.bool == true:
      try transaction.markPriceDeleted(snapshot.id)
    case "product": try transaction.putProduct(Product(json))
    case "price": try transaction.putPrice(Price(json))
    case "refund": try transaction.putRefund(Refund(json))
    default: break
    }
    return []
  }

  private func writeCustomer(_ json: JSON, in transaction: Transaction) throws {
    let customer = try Customer(json)
    if customer.isDeleted {
      try transaction.markCustomerDeleted(customer.id)
    } else {
      try transaction.putCustomer(
        CustomerRow(customer, externalID: externalID(in: customer.metadata)))
    }
  }

  /// A customer's own id, under whichever key a program wrote it.
  package func externalID(in metadata: [String: String]) -> String? {
    externalIDKeys.lazy.compactMap { metadata[$0] }.first { !$0.isEmpty }
  }

  private func writeSubscription(
    _ json: JSON, of snapshot: Snapshot, in transaction: Transaction
  ) throws -> [Transition] {
    let subscription = try Subscription(json)
    let row = SubscriptionRow(subscription, plan: plan(of: subscription))
    let transitions = Transition.between(
      try transaction.subscription(row.id), row, at: snapshot.asOf, cause: snapshot.cause)
    try transaction.putSubscription(row, items: subscription.items)
    for transition in transitions { try transaction.append(transition) }
    return transitions
  }

  private func plan(of subscription: Subscription) -> String? {
    guard let price = subscription.licensedItem?.price else { return nil }
    return planOfPrice(price) ?? subscription.metadata["billing_plan"]
  }
}

extension Snapshot {
  /// Whether it is a bill that does not exist: a preview, of which Stripe tells by an id of its own.
  fileprivate var isPreview: Bool { type == "invoice" && id.hasPrefix(Invoice.previewID) }
}

extension JSON {
  /// The value without what lets its bearer act, at whatever depth it stands.
  fileprivate var withoutSecrets: JSON {
    switch self {
    case .object(let object):
      .object(
        JSONObject(
          uniqueKeysWithValues: object.members
            .filter { $0.key != "client_secret" && $0.key != "confirmation_secret" }
            .map { ($0.key, $0.value.withoutSecrets) }))
    case .array(let elements): .array(elements.map { $0.withoutSecrets })
    default: self
    }
  }
}
