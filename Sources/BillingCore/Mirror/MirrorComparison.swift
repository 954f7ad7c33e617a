package import Basics
package import Stripe

/// Compares the mirror with a fresh read of Stripe, object by object and field by field. Nothing
/// that is read is taken in: it tells of drift and leaves it as it is.
package struct MirrorComparison: Sendable {
  /// One field that Stripe and the mirror tell differently.
  package struct Difference: Sendable, Hashable {
    package var type: String
    package var id: String
    /// Keys and indexes joined by points (`items.data.0.quantity`); empty for the object as a whole.
    package var path: String
    /// Nil where the mirror has nothing there.
    package var mirror: JSON?
    /// Nil where Stripe has nothing there.
    package var stripe: JSON?
  }

  /// The lists that have every object of their type. Payment methods are listed by customer.
  private static let lists: [(type: String, path: StripePath, parameters: JSONObject)] = [
    ("customer", StripePath("customers"), [:]),
    ("subscription", StripePath("subscriptions"), ["status": "all"]),
    ("invoice", StripePath("invoices"), [:]),
  ]

  /// What Stripe counts on without an event, so that no mirror can have it right.
  private static let untold: Set<String> = ["customer.next_invoice_sequence"]

  private let client: StripeClient
  private let store: Store
  private let mirror: StripeMirror

  package init(client: StripeClient, store: Store, mirror: StripeMirror) {
    self.client = client
    self.store = store
    self.mirror = mirror
  }

  /// Every difference, by type. Throws `StripeError`, and what the store throws.
  package func differences() async throws -> [Difference] {
    var differences: [Difference] = []
    var customers: Set<String> = []
    for list in Self.lists {
      var known: Set<String> = []
      for try await page in client.pages(list.path, list.parameters) {
        known.formUnion(page.objects.compactMap { $0["id"]?.string })
        differences += try compare(page.objects, of: page.response)
      }
      differences += try extra(of: list.type, beside: known)
      if list.type == "customer" { customers = known }
    }
    return try await differences + paymentMethods(of: customers.sorted())
  }

  private func paymentMethods(of customers: [String]) async throws -> [Difference] {
    var differences: [Difference] = []
    var known: Set<String> = []
    for customer in customers {
      let path = StripePath("customers", customer, "payment_methods")
      for try await page in client.pages(path, [:]) {
        known.formUnion(page.objects.compactMap { $0["id"]?.string })
        differences += try compare(page.objects, of: page.response)
      }
    }
    return try differences + extra(of: "payment_method", beside: known)
  }

  // MARK: One object

  private func compare(
    _ objects: [JSON], of response: StripeResponse
  ) throws -> [Difference] {
    guard let date = response.date else { return [] }
    return try store.read { transaction in
      try objects.flatMap { object -> [Difference] in
        guard let snapshot = Snapshot(object, origin: .page, asOf: date, cause: nil) else {
          return []
        }
        let stored = try transaction.objectJSON(snapshot.id)
        return Self.differences(in: stored, snapshot.kept).filter { path, _, _ in
          !Self.untold.contains("\(snapshot.type).\(path)")
        }.map { path, mirror, stripe in
          Difference(
            type: snapshot.type, id: snapshot.id, path: path, mirror: mirror, stripe: stripe)
        } + (try rowDifference(snapshot, in: transaction).map { [$0] } ?? [])
      }
    }
  }

  /// The row that is scanned, against what it would be made of the object now.
  private func rowDifference(
    _ snapshot: Snapshot, in transaction: Transaction
  ) throws -> Difference? {
    let isSame: Bool
    switch snapshot.type {
    case "customer":
      let customer = try Customer(snapshot.kept)
      let fresh = CustomerRow(customer, externalID: mirror.externalID(in: customer.metadata))
      isSame = try transaction.customer(snapshot.id) == fresh
    case "subscription":
      let row = try transaction.subscription(snapshot.id)
      isSame = try row == SubscriptionRow(Subscription(snapshot.kept), plan: row?.plan)
    default: isSame = true
    }
    guard !isSame else { return nil }
    return Difference(
      type: snapshot.type, id: snapshot.id, path: "row", mirror: nil, stripe: snapshot.kept)
  }

  /// What the mirror takes for there, though no list has it.
  private func extra(of type: String, beside known: Set<String>) throws -> [Difference] {
    try store.read { transaction in
      try transaction.objectIDs(ofType: type).filter { !known.contains($0) }.compactMap { id in
        guard let json = try transaction.objectJSON(id), Self.isListed(json, type) else {
          return nil
        }
        return Difference(type: type, id: id, path: "", mirror: json, stripe: nil)
      }
    }
  }

  /// Lists have neither what was deleted nor a payment method that is nobody's.
  private static func isListed(_ json: JSON, _ type: String) -> Bool {
    if json["deleted"]?.bool == true { return false }
    return type != "payment_method" || (json["customer"] ?? .null) != .null
  }

  /// The paths at which two values differ, with both sides.
  static func differences(
    in mirror: JSON?, _ stripe: JSON?, at path: String = ""
  ) -> [(path: String, mirror: JSON?, stripe: JSON?)] {
    if mirror == stripe { return [] }
    func step(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    switch (mirror, stripe) {
    case (.object(let left)?, .object(let right)?):
      let keys = left.keys + right.keys.filter { left[$0] == nil }
      return keys.flatMap { differences(in: left[$0], right[$0], at: step($0)) }
    case (.array(let left)?, .array(let right)?) where left.count == right.count:
      return left.indices.flatMap { differences(in: left[$0], right[$0], at: step("\($0)")) }
    default: return [(path, mirror, stripe)]
    }
  }
}
