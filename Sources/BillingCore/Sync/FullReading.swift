import Basics
import Stripe

/// Reads everything that Stripe has of what the mirror keeps: all lists, and by its id what the
/// mirror has and no list. Several lists are read at once, so that the rate limit is what bounds it.
///
/// What becomes of what was read is the taker's: a sync takes it in, a check compares it.
struct FullReading: Sendable {
  /// How many requests are on their way at once.
  private static let width = 8
  /// How many customers are read before it is written down that they are.
  private static let chunk = 64

  /// Some objects that were read, and how far that is.
  struct Part: Sendable {
    var snapshots: [Snapshot]
    /// To be kept with the objects, in one transaction.
    var place: SyncPlace?
    /// Whether Stripe no longer has them.
    var areGone = false
  }

  let client: StripeClient
  let store: Store
  /// When it began, by Stripe's clock.
  let started: Timestamp
  /// How far an earlier run got.
  let places: [String: SyncPlace.Position]
  let take: @Sendable (Part) throws -> Void
  private let seen = SeenObjects()

  /// Returns the lists that could not be read, each with the reason. Throws `StripeError`, what the
  /// taker throws, and `CancellationError`; all that was taken by then is taken.
  func run() async throws -> [String] {
    try await each(SyncList.all(client.configuration, started: started)) { try await read($0) }
    let known = try store.read { try $0.objectIDs(ofType: "test_helpers.test_clock") }
    for clock in seen.clocks.union(places.isEmpty ? [] : known).sorted() {
      try await each(SyncList.all(ofTestClock: clock, client.configuration)) { list in
        try await pages(of: list, mayBeGone: true)
      }
    }
    try await customers()
    try await unlisted()
    return seen.refusals
  }

  /// Runs through items, several at once; the first error ends all.
  private func each<Item: Sendable>(
    _ items: [Item], _ body: @escaping @Sendable (Item) async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      var rest = items.makeIterator()
      for _ in 0..<Self.width {
        guard let item = rest.next() else { break }
        group.addTask { try await body(item) }
      }
      while try await group.next() != nil {
        guard let item = rest.next() else { continue }
        group.addTask { try await body(item) }
      }
    }
  }

  // MARK: Lists

  /// Reads a list of the account from where an earlier run stopped. What the key may not read, and
  /// what this server does not have, is noted and left out.
  private func read(_ list: SyncList) async throws {
    var last: String?
    switch places[list.name] {
    case .done?: return
    case .after(let id)?: last = id
    case nil: break
    }
    do {
      try await pages(of: list, after: last, keepsPlace: true)
    } catch StripeError.refused(let refusal) {
      if last != nil, refusal.parameter == "starting_after" {
        // The object at which the earlier run stopped is gone.
        return try await pages(of: list, keepsPlace: true)
      }
      guard [403, 404].contains(refusal.status) else { throw StripeError.refused(refusal) }
      seen.note(refused: list, because: refusal.message)
    }
  }

  private func pages(
    of list: SyncList, after last: String? = nil, keepsPlace: Bool = false, mayBeGone: Bool = false
  ) async throws {
    do {
      for try await page in client.pages(list.path, list.parameters(after: last)) {
        try Task.checkCancellation()
        let hasMore = page.response.json["has_more"]?.bool == true
        let position: SyncPlace.Position? =
          hasMore ? page.objects.last?["id"]?.string.map { .after($0) } : .done
        let place = keepsPlace ? position.map { SyncPlace(list.name, $0) } : nil
        try take(page.objects, of: page.response, origin: .page, place: place)
      }
    } catch StripeError.refused(let refusal)
      where mayBeGone && (refusal.status == 404 || refusal.code == "resource_missing")
    {
      // Whose list it is was deleted meanwhile: there is none.
    }
  }

  private func take(
    _ objects: [JSON], of response: StripeResponse, origin: Snapshot.Origin,
    place: SyncPlace? = nil
  ) throws {
    let snapshots = objects.compactMap {
      Snapshot($0, origin: origin, asOf: response.date ?? started, cause: nil)
    }
    try take(Part(snapshots: snapshots, place: place))
    seen.note(snapshots)
  }

  // MARK: Customer by customer

  private func customers() async throws {
    let name = "payment methods"
    var last = ""
    switch places[name] {
    case .done?: return
    case .after(let id)?: last = id
    case nil: break
    }
    let known = try store.read { try $0.customerIDs() }
    let onClock = seen.clockCustomers.union(known.filter { $0.testClockID != nil }.map { $0.id })
    let ids = seen.customers.union(known.map { $0.id }).filter { $0 > last }.sorted()
    for start in stride(from: 0, to: ids.count, by: Self.chunk) {
      let chunk = Array(ids[start..<min(start + Self.chunk, ids.count)])
      try await each(chunk) { id in
        var lists = [SyncList.paymentMethods(of: id)]
        if onClock.contains(id) {
          lists += SyncList.all(ofClockCustomer: id, client.configuration)
        }
        for list in lists { try await pages(of: list, mayBeGone: true) }
      }
      let isLast = start + Self.chunk >= ids.count
      let place = SyncPlace(name, isLast ? .done : .after(chunk[chunk.count - 1]))
      try take(Part(snapshots: [], place: place))
    }
  }

  // MARK: What no list has

  /// Reads by its id what the mirror takes for there, though no list has it.
  private func unlisted() async throws {
    let refused = seen.refusedTypes
    let types = Refetch.collections.keys.filter { !refused.contains($0) }.sorted()
    for type in types {
      let ids = try store.read { transaction in
        try transaction.objectIDs(ofType: type).filter { id in
          guard !seen.has(id), let stored = try transaction.storedObject(id) else { return false }
          // An earlier part of this reading has told it.
          if !places.isEmpty, stored.asOf >= started, !stored.isFromEvent { return false }
          return Self.isExpected(stored.json, type)
        }
      }
      try await each(ids) { try await readAlone($0, type) }
    }
  }

  /// Nothing more is told of what was deleted, nor of a payment method that is nobody's.
  private static func isExpected(_ json: JSON, _ type: String) -> Bool {
    if json["deleted"]?.bool == true { return false }
    return type != "payment_method" || (json["customer"] ?? .null) != .null
  }

  private func readAlone(_ id: String, _ type: String) async throws {
    guard let collection = Refetch.collections[type] else { return }
    do {
      let path = StripePath(segments: ["v1"] + collection + [id])
      let response = try await client.send(StripeRequest(.get, path))
      try take([response.json], of: response, origin: .response)
    } catch StripeError.refused(let refusal) where refusal.status == 404 {
      guard let stored = try store.read({ try $0.storedObject(id) }),
        let gone = Snapshot.gone(
          stored.json, asOf: max(seen.latest ?? started, stored.asOf))
      else { return }
      try take(Part(snapshots: [gone], areGone: true))
    }
  }
}
