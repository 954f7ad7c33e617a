import Basics
import BillingCore

/// The object `API key` of the contract.
struct APIKeyView {
  static let keys = [
    "id", "customer", "name", "prefix", "tier", "rate_limit_per_minute", "monthly_quota",
    "active", "last_used_at", "created", "expires_at", "revoked_at",
  ]

  private let context: Context
  private let store: Store
  private let clock: Timestamp
  /// Nil where there is none to tell what a plan allows.
  private let catalogue: Catalogue?

  init(_ context: Context, _ catalogue: Catalogue?) throws {
    self.context = context
    store = try context.store()
    clock = try context.now()
    self.catalogue = catalogue
  }

  func json(_ key: APIKey) throws -> JSONObject {
    let tier = try store.read { try self.tier(of: key, $0) }
    let now = try store.read { try $0.time(ofCustomer: key.customerID, at: clock) }
    return [
      "id": .string(key.id), "customer": .string(key.customerID), "name": JSON(key.name),
      "prefix": .string(key.prefix), "tier": JSON(tier.planID),
      "rate_limit_per_minute": JSON(tier.allowance?.rateLimitPerMinute),
      "monthly_quota": JSON(tier.allowance?.monthlyQuota), "active": .bool(key.isActive(at: now)),
      "last_used_at": JSON(key.lastUsedAt), "created": JSON(key.created),
      "expires_at": JSON(key.expiresAt), "revoked_at": JSON(key.revokedAt),
    ]
  }

  /// The same with the key itself, where this run made it.
  func json(_ issued: APIKey.Issued) throws -> JSONObject {
    var object = try json(issued.key)
    object["key"] = JSON(issued.secret?.reveal())
    return object
  }

  /// What a plan that left the catalogue allowed is not known; verify refuses to decide on it.
  private func tier(
    of key: APIKey, _ transaction: Transaction
  ) throws -> (planID: String?, allowance: APIAllowance?) {
    guard let catalogue else { return (nil, nil) }
    do {
      let tier = try transaction.apiTier(ofCustomer: key.customerID, in: catalogue, at: clock)
      return (tier.planID, tier.allowance)
    } catch let vanished as VanishedPlan {
      if context.connections.isFirst("vanished \(vanished.planID)") {
        context.warn(vanished.explanation.message)
      }
      return (nil, nil)
    }
  }

  func report(_ json: JSONObject, closing: String) -> ObjectReport {
    var fields = [
      Field("id", json["id"]), Field("customer", json["customer"]), Field("name", json["name"]),
      Field("prefix", json["prefix"]), Field("tier", json["tier"]),
      Field("rate limit", Self.limit(json, "rate_limit_per_minute", each: "a minute")),
      Field("quota", Self.limit(json, "monthly_quota", each: "a month")),
      Field("active", json["active"]), Field("expires", Cell(time: json["expires_at"])),
    ]
    if let revoked = json["revoked_at"], revoked != .null {
      fields.append(Field("revoked", Cell(time: revoked)))
    }
    if let key = json["key"], key != .null { fields.append(Field("key", key)) }
    return ObjectReport(object: json, fields: fields, closing: closing)
  }

  static func closing(_ issued: APIKey.Issued) -> String {
    issued.secret == nil
      ? "An earlier run made it and showed it; nobody can show it again."
      : "This key is shown once: only its SHA-256 is stored."
  }

  /// What would be written of a key that is to be made.
  static func plan(_ action: String, _ request: APIKey.Request) -> DryRunReport {
    plan(action, id: nil, request.customerID, request.name)
  }

  /// What would be changed of a key.
  static func plan(_ action: String, _ key: APIKey) -> DryRunReport {
    plan(action, id: key.id, key.customerID, key.name)
  }

  private static func plan(
    _ action: String, id: String?, _ customerID: String, _ name: String?
  ) -> DryRunReport {
    DryRunReport(changes: [
      [
        "object": "api_key", "action": .string(action), "id": JSON(id),
        "customer": .string(customerID), "name": JSON(name),
      ]
    ])
  }

  static let columns = [
    Column.id("ID", "id"), Column("NAME", "name"), Column.id("PREFIX", "prefix"),
    Column("TIER", "tier").leaving(3),
    Column("A MINUTE", alignment: .right) { limit($0, "rate_limit_per_minute") }.leaving(4),
    Column("A MONTH", alignment: .right) { limit($0, "monthly_quota") }.leaving(5),
    Column("ACTIVE") { $0["active"] == true ? Cell("yes", .green) : Cell("no", .red) },
    Column.time("LAST USED", "last_used_at"), Column.time("EXPIRES", "expires_at").leaving(1),
    Column.time("CREATED", "created").leaving(2),
  ]

  /// `100 a minute`.
  private static func limit(_ json: JSONObject, _ name: String, each: String) -> Cell {
    let text = limit(.object(json), name).text
    return Cell(json[name]?.integer == nil ? text : "\(text) \(each)")
  }

  /// A number, `unlimited`, or `-` where no plan tells.
  private static func limit(_ key: JSON, _ name: String) -> Cell {
    guard key["tier"] != .null else { return Cell("-") }
    return Cell(PlanWords.number(orUnlimited: key[name]?.integer))
  }
}
