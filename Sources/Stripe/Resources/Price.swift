package import Basics

/// What one unit costs and how often (https://docs.stripe.com/api/prices/object); a `plan` of old
/// versions is read as the price that it is.
package struct Price: Sendable, Hashable {
  package struct Recurring: Sendable, Hashable {
    package let interval: RecurringInterval
    package let intervalCount: Int
    /// `licensed` or `metered`.
    package let usageType: String
    package let meterID: String?
  }

  /// One step of a tiered price.
  package struct Tier: Sendable, Hashable {
    /// The last unit of the tier; nil for the last tier.
    package let upTo: Int64?
    /// Minor units a unit, as a decimal.
    package let unitAmountDecimal: String?
    /// Minor units for the whole tier.
    package let flatAmount: Int64?

    package init(upTo: Int64?, unitAmountDecimal: String?, flatAmount: Int64? = nil) {
      (self.upTo, self.unitAmountDecimal, self.flatAmount) = (upTo, unitAmountDecimal, flatAmount)
    }
  }

  package let id: String
  package let productID: String?
  package let isActive: Bool
  package let currency: String
  /// In minor units; nil for tiers and for fractions of a minor unit.
  package let unitAmount: Int64?
  package let unitAmountDecimal: String?
  package let lookupKey: String?
  package let nickname: String?
  /// Nil for a one-time price.
  package let recurring: Recurring?
  /// `per_unit` or `tiered`.
  package let billingScheme: String
  /// `graduated` or `volume`.
  package let tiersMode: String?
  /// Empty where the tiers were not expanded.
  package let tiers: [Tier]
  package let metadata: [String: String]
  package let created: Timestamp
  package let isLive: Bool

  package init(_ json: JSON) throws(MalformedObject) {
    try self.init(ObjectReader(json, kind: json["object"]?.string == "plan" ? "plan" : "price"))
  }

  init(_ fields: ObjectReader) throws(MalformedObject) {
    let isPlan = try fields.optionalText("object") == "plan"
    id = try fields.identifier()
    productID = try fields.optionalReference("product")
    isActive = try fields.optionalFlag("active") ?? true
    currency = try fields.identifier("currency")
    unitAmount = try fields.optionalInteger(isPlan ? "amount" : "unit_amount")
    unitAmountDecimal = try fields.optionalDecimalText(
      isPlan ? "amount_decimal" : "unit_amount_decimal")
    lookupKey = try fields.optionalText("lookup_key")
    nickname = try fields.optionalText("nickname")
    recurring = try (isPlan ? fields : fields.optionalObject("recurring")).map(Self.recurring)
    billingScheme = try fields.optionalText("billing_scheme") ?? "per_unit"
    tiersMode = try fields.optionalText("tiers_mode")
    var tiers: [Tier] = []
    for element in try fields.elements("tiers") { tiers.append(try Self.tier(element)) }
    self.tiers = tiers
    metadata = try fields.metadata()
    created = try fields.time("created")
    isLive = try fields.flag("livemode")
  }

  private static func recurring(_ fields: ObjectReader) throws(MalformedObject) -> Recurring {
    let count = try fields.optionalInteger("interval_count") ?? 1
    guard let intervalCount = Int(exactly: count), (1...10_000).contains(intervalCount) else {
      throw fields.malformed("interval_count", "a whole number from 1 to 10000")
    }
    return Recurring(
      interval: RecurringInterval(rawValue: try fields.identifier("interval")),
      intervalCount: intervalCount,
      usageType: try fields.optionalText("usage_type") ?? "licensed",
      meterID: try fields.optionalReference("meter"))
  }

  private static func tier(_ fields: ObjectReader) throws(MalformedObject) -> Tier {
    try fields.requireObject()
    let unitAmount = try fields.optionalDecimalText("unit_amount")
    return Tier(
      upTo: try fields.optionalInteger("up_to"),
      unitAmountDecimal: try fields.optionalDecimalText("unit_amount_decimal") ?? unitAmount,
      flatAmount: try fields.optionalInteger("flat_amount"))
  }
}

/// The unit in which a price recurs; one that Stripe adds later is kept as it came.
package struct RecurringInterval: RawRepresentable, Sendable, Hashable {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }

  package static let day = RecurringInterval(rawValue: "day")
  package static let week = RecurringInterval(rawValue: "week")
  package static let month = RecurringInterval(rawValue: "month")
  package static let year = RecurringInterval(rawValue: "year")
}
