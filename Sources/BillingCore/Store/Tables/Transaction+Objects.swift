package import Basics
import GRDB
package import Stripe

extension Transaction {
  /// What Stripe said last of an object; nil where it never did.
  func storedText(_ id: String) throws -> StoredText? {
    let statement = try database.cachedStatement(
      sql: "SELECT json, as_of, origin, cause, has_ended, in_doubt FROM objects WHERE id = ?")
    return try statement.firstRow(binding: id) { columns in
      let (text, origin): (String, String) = (try columns[0], try columns[2])
      return StoredText(
        id: id, text: text.isEmpty ? nil : text, asOf: try columns[1],
        isFromEvent: origin == "event", cause: try columns[3], hasEnded: try columns[4],
        isInDoubt: try columns[5])
    }
  }

  /// The same, read.
  func storedObject(_ id: String) throws -> Freshness.Stored? {
    try storedText(id).flatMap { try storedObject($0) }
  }

  /// Nil where the event that told it is no longer there, so that it has to be told anew.
  func storedObject(_ stored: StoredText) throws -> Freshness.Stored? {
    let json =
      if let text = stored.text {
        try JSON(parsing: text)
      } else {
        try stored.cause.flatMap { try entry(ofEvent: $0)?.json }
      }
    return json.map {
      Freshness.Stored(
        json: $0, asOf: stored.asOf, isFromEvent: stored.isFromEvent, cause: stored.cause)
    }
  }

  /// The whole object as Stripe said it last.
  package func objectJSON(_ id: String) throws -> JSON? { try storedObject(id)?.json }

  /// The subscription that an operation changed: its own object, or that of the schedule with which
  /// it ended.
  package func subscriptionJSON(changedBy operation: BillingOperation) throws -> JSON? {
    guard let id = operation.objectID, let object = try objectJSON(id) else { return nil }
    guard object["object"] == "subscription_schedule" else { return try subscriptionJSON(id) }
    return try SubscriptionSchedule.subscriptionID(in: object).flatMap { try subscriptionJSON($0) }
  }

  /// A subscription with its schedule, its discounts and their coupons put in, as a read of it
  /// expands them.
  package func subscriptionJSON(_ id: String) throws -> JSON? {
    guard var subscription = try objectJSON(id)?.object else { return nil }
    if let schedule = try subscription["schedule"]?.string.flatMap({ try objectJSON($0) }) {
      subscription["schedule"] = try schedule.withPrices { try objectJSON($0) }
    }
    guard let discounts = subscription["discounts"]?.array else { return .object(subscription) }
    subscription["discounts"] = .array(
      try discounts.map { try $0.string.flatMap { try discountJSON($0) } ?? $0 })
    return .object(subscription)
  }

  /// A discount with its coupon put in; nil where it was never told of.
  func discountJSON(_ id: String) throws -> JSON? {
    guard var object = try objectJSON(id)?.object else { return nil }
    if var source = object["source"]?.object, let id = source["coupon"]?.string,
      let coupon = try objectJSON(id)
    {
      source["coupon"] = coupon
      object["source"] = .object(source)
    } else if let id = object["coupon"]?.string, let coupon = try objectJSON(id) {
      object["coupon"] = coupon
    }
    return .object(object)
  }

  private static let objectRow = Upsert(
    "objects", key: "id",
    "id", "type", "json", "as_of", "origin", "cause", "in_doubt", "has_ended")

  /// Writes down what was told of an object, or that it was told again.
  ///
  /// - Parameter stored: what stood there.
  func putObject(
    _ entry: MirrorEntry, over stored: StoredText?, isInDoubt: Bool = false
  ) throws {
    let snapshot = entry.snapshot
    if stored != nil {
      // The index of the types is not touched.
      try database.cachedStatement(
        sql: """
          UPDATE objects SET json = ?, as_of = ?, origin = ?, cause = ?, in_doubt = ?, has_ended = ?,
            updated_at = ? WHERE id = ? AND type = ?
          """
      ).execute(
        binding: entry.text ?? "", snapshot.asOf, snapshot.origin.name, snapshot.teller, isInDoubt,
        entry.hasEnded, now, snapshot.id, snapshot.type)
      if database.changesCount == 1 { return }
    }
    try upsert(
      Self.objectRow, snapshot.id, snapshot.type, entry.text ?? "", snapshot.asOf,
      snapshot.origin.name, snapshot.teller, isInDoubt, entry.hasEnded)
  }

  /// Writes out what the event that told an object keeps of it, before those bytes are others.
  func writeOutObject(ofEvent id: String) throws {
    let told: MirrorEntry?
    do {
      told = try entry(ofEvent: id)
    } catch is MalformedObject {
      return
    } catch is JSONError {
      return
    }
    guard let entry = told else { return }
    try database.cachedStatement(
      sql: "UPDATE objects SET json = ? WHERE id = ? AND cause = ? AND json = ''"
    ).execute(arguments: [entry.json.compact, entry.snapshot.id, id])
  }

  /// Writes down whether what is stored of an object is a guess, until it is told again.
  func setDoubt(_ isInDoubt: Bool, ofObject id: String) throws {
    try database.cachedStatement(
      sql: "UPDATE objects SET in_doubt = ?1 WHERE id = ?2 AND in_doubt <> ?1"
    ).execute(binding: isInDoubt, id)
  }

  /// The objects that have to be read again, sorted by id.
  package func objectsInDoubt(limit: Int) throws -> [(id: String, type: String)] {
    let statement = try database.cachedStatement(
      sql: "SELECT id, type FROM objects WHERE in_doubt ORDER BY id LIMIT ?")
    return try Row.fetchAll(statement, arguments: [limit]).map { ($0["id"], $0["type"]) }
  }

  /// The checkout pages that are open as far as Stripe has told, and have not run out since.
  package func openPages(at now: Timestamp) throws -> [CheckoutSession] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT json FROM objects
        WHERE type = 'checkout.session' AND json_extract(json, '$.status') = 'open'
          AND json_extract(json, '$.expires_at') > ? ORDER BY id
        """)
    return try String.fetchAll(statement, arguments: [now.seconds])
      .map { try CheckoutSession(JSON(parsing: $0)) }
  }

  /// The ids of all objects of a type, sorted.
  package func objectIDs(ofType type: String) throws -> [String] {
    let statement = try database.cachedStatement(
      sql: "SELECT id FROM objects WHERE type = ? ORDER BY id")
    return try String.fetchAll(statement, arguments: [type])
  }

  /// How many objects of each type the mirror has, sorted by type.
  package func objectCounts() throws -> [(type: String, count: Int)] {
    try Row.fetchAll(database, sql: "SELECT type, count(*) AS n FROM objects GROUP BY type")
      .map { ($0["type"], $0["n"]) }
  }
}
