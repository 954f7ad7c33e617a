package import Basics
package import Stripe
private import Synchronization

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
    /// Whether it is a column that the mirror makes of the object and of the catalogue: the object
    /// itself is the same on both sides.
    package var isColumn = false
  }

  /// What a comparison found.
  package struct Result: Sendable {
    /// By type and id.
    package var differences: [Difference]
    /// How many objects of Stripe were compared.
    package var objects: Int
    /// The lists that could not be read, each with the reason.
    package var refusals: [String]
  }

  /// What Stripe counts on without an event, so that no mirror can have it right.
  private static let untold: Set<String> = [
    "customer.next_invoice_sequence", "coupon.times_redeemed", "promotion_code.times_redeemed",
  ]

  /// What Stripe has no events of, so that a mirror without it has missed nothing.
  private static let untoldTypes: Set<String> = ["entitlements.feature"]

  /// Addresses that Stripe signs anew each time it is asked (the recorded exchanges show it): only
  /// whether there is one can be compared.
  private static let signedAnew: Set<String> = [
    "invoice.hosted_invoice_url", "invoice.invoice_pdf", "charge.receipt_url",
  ]

  private let client: StripeClient
  private let store: Store
  private let mirror: StripeMirror

  package init(client: StripeClient, store: Store, mirror: StripeMirror) {
    self.client = client
    self.store = store
    self.mirror = mirror
  }

  /// Reads all of Stripe. Throws `StripeError`, and what the store throws.
  ///
  /// - Parameters:
  ///   - now: about what time it is, for how long lists are read in parts.
  ///   - advance: told of how many objects were compared.
  package func run(
    at now: Timestamp, advance: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws -> Result {
    let found = Mutex(Result(differences: [], objects: 0, refusals: []))
    let reading = FullReading(client: client, store: store, started: now, places: [:]) { part in
      let differences = try store.read { transaction in
        try part.snapshots.flatMap { try self.differences(of: $0, in: transaction) }
      }
      found.withLock { found in
        found.differences += differences
        found.objects += part.snapshots.count
      }
      advance(part.snapshots.count)
    }
    let refusals = try await reading.run()
    var result = found.withLock { $0 }
    result.refusals = refusals
    // Several lists are read at once, and an object that stands expanded in two is told twice.
    let byObject = Dictionary(grouping: result.differences) { "\($0.type) \($0.id)" }
    result.differences = byObject.sorted { $0.key < $1.key }.flatMap { $0.value.uniqued() }
    return result
  }

  /// Every difference, by type and id.
  package func differences() async throws -> [Difference] {
    try await run(at: store.now()).differences
  }

  // MARK: One object

  /// What a fresh telling of an object, and of those that stand expanded in it, has that the mirror
  /// has not. Nothing where the mirror was told later, while this was read.
  func differences(of snapshot: Snapshot, in transaction: Transaction) throws -> [Difference] {
    let inner = try snapshot.expanded.flatMap { try differences(of: $0, in: transaction) }
    let stored = try transaction.storedObject(snapshot.id)
    let isOvertaken = stored.map { $0.asOf > snapshot.asOf && $0.asOf < snapshot.asOf + 3600 }
    if isOvertaken ?? Self.untoldTypes.contains(snapshot.type) { return inner }
    let fields = Self.differences(of: snapshot, over: stored?.json)
    let own = fields.map { path, mirror, stripe in
      Difference(
        type: snapshot.type, id: snapshot.id, path: path, mirror: mirror, stripe: stripe)
    }
    return try inner + (own.isEmpty ? columnDifferences(snapshot, in: transaction) : own)
  }

  /// The columns that are made of an object and of the catalogue, against what they would be now.
  private func columnDifferences(
    _ snapshot: Snapshot, in transaction: Transaction
  ) throws -> [Difference] {
    func difference(_ path: String, _ here: String?, _ there: String?) -> [Difference] {
      guard here != there else { return [] }
      return [
        Difference(
          type: snapshot.type, id: snapshot.id, path: path, mirror: here.map { .string($0) },
          stripe: there.map { .string($0) }, isColumn: true)
      ]
    }
    switch snapshot.type {
    case "customer" where !snapshot.isDeletion:
      let customer = try Customer(snapshot.kept)
      return difference(
        "external_id", try transaction.customer(snapshot.id)?.externalID,
        mirror.externalID(in: customer.metadata))
    case "subscription":
      let row = try transaction.subscription(snapshot.id)
      let fresh = mirror.row(of: try Subscription(snapshot.kept), over: row)
      return difference("plan", row?.plan, fresh.plan)
    default: return []
    }
  }

  private static func differences(
    of snapshot: Snapshot, over mirror: JSON?
  ) -> [(path: String, mirror: JSON?, stripe: JSON?)] {
    let fresh = snapshot.kept
    guard let mirror else { return [("", nil, fresh)] }
    let wasDeleted = mirror["deleted"]?.bool == true
    guard wasDeleted == snapshot.isDeletion else {
      return [("deleted", .bool(wasDeleted), .bool(snapshot.isDeletion))]
    }
    guard !wasDeleted else { return [] }
    return differences(in: mirror, fresh).filter { path, here, there in
      let name = "\(snapshot.type).\(path)"
      if signedAnew.contains(name) { return (here?.string == nil) != (there?.string == nil) }
      return !untold.contains(name)
    }
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

extension Snapshot {
  /// Whether it says that the object was deleted.
  var isDeletion: Bool { object["deleted"]?.bool == true }
}

extension [MirrorComparison.Difference] {
  /// Each once, in the order in which they come first.
  fileprivate func uniqued() -> Self {
    var seen: Set<MirrorComparison.Difference> = []
    return filter { seen.insert($0).inserted }
  }
}
