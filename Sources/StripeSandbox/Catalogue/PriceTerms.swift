import Basics
private import Foundation

/// The terms of a new price, checked: amounts, tiers, periods, currencies.
struct PriceTerms {
  let terms: JSONObject
  /// How a parameter is named in an error.
  let name: (String) -> String

  /// The largest amount that is taken, so that sums of amounts stay far from overflow.
  static let maximumAmount: Int64 = 999_999_999_999

  struct Amounts {
    var unit: Amount = Amount(whole: .null, decimal: .null)
    var custom: JSON = .null
    var tiers: [JSON]?
  }

  /// An amount as a price shows it: whole minor units, null where there is a fraction, and the
  /// exact decimal as text.
  struct Amount {
    var whole: JSON
    var decimal: JSON
  }

  private func fail(_ message: String, _ parameter: String, code: String? = nil) -> SandboxError {
    .invalid(message, code: code, parameter: name(parameter))
  }
}

// MARK: Amounts

extension PriceTerms {
  func amounts() throws -> Amounts {
    guard terms["billing_scheme"] != "tiered", terms["tiers"] == nil else { return try tiered() }
    guard terms["tiers_mode"] == nil else {
      throw fail("`tiers_mode` can only be set when `billing_scheme=tiered`.", "tiers_mode")
    }
    let ways = ["unit_amount", "unit_amount_decimal", "custom_unit_amount"]
    let given = ways.filter { terms[$0] != nil }
    guard given.count < 2 else {
      throw fail(
        "You may only specify one of these parameters: \(given.joined(separator: ", ")).",
        given[0], code: "parameters_exclusive")
    }
    guard !given.isEmpty else {
      throw fail(
        """
        You must specify either `unit_amount` or `unit_amount_decimal` when \
        `billing_scheme=per_unit`.
        """, "unit_amount", code: "parameter_missing")
    }
    if let custom = terms["custom_unit_amount"]?.object {
      return Amounts(custom: try customAmount(custom))
    }
    let unit = try amount(terms, "unit_amount") ?? Amount(whole: .null, decimal: .null)
    return Amounts(unit: unit)
  }

  private func customAmount(_ custom: JSONObject) throws -> JSON {
    guard custom["enabled"] == true else {
      throw fail("`custom_unit_amount[enabled]` must be true.", "custom_unit_amount[enabled]")
    }
    guard terms["recurring"] == nil else {
      throw fail("`custom_unit_amount` cannot be used with `recurring`.", "custom_unit_amount")
    }
    return [
      "maximum": custom["maximum"] ?? .null, "minimum": custom["minimum"] ?? .null,
      "preset": custom["preset"] ?? .null,
    ]
  }

  /// The amount under `key` or `key_decimal`; nil where neither is given.
  private func amount(
    _ object: JSONObject, _ key: String, at path: (String) -> String = { $0 }
  ) throws -> Amount? {
    if let value = object[key]?.integer {
      guard (0...Self.maximumAmount).contains(value) else {
        throw fail("Invalid non-negative integer", path(key), code: "parameter_invalid_integer")
      }
      return Amount(whole: .integer(value), decimal: .string(String(value)))
    }
    guard let decimal = object["\(key)_decimal"]?.decimal else { return nil }
    guard decimal >= 0, decimal <= Decimal(Self.maximumAmount), decimal.exponent >= -12 else {
      throw fail(
        "Invalid decimal: \(decimal); must be at least 0 and have at most 12 decimal places",
        path("\(key)_decimal"))
    }
    let text = "\(decimal)"
    return Amount(whole: JSON(Int64(text)), decimal: .string(text))
  }
}

// MARK: Tiers

extension PriceTerms {
  private func tiered() throws -> Amounts {
    guard terms["billing_scheme"] == "tiered" else {
      throw fail("`tiers` can only be set when `billing_scheme=tiered`.", "tiers")
    }
    for key in ["unit_amount", "unit_amount_decimal", "custom_unit_amount", "transform_quantity"]
    where terms[key] != nil {
      throw fail("`\(key)` cannot be set when `billing_scheme=tiered`.", key)
    }
    guard terms["tiers_mode"] != nil else {
      throw fail(
        "Missing required param: tiers_mode.", "tiers_mode", code: "parameter_missing")
    }
    guard let given = terms["tiers"]?.array, !given.isEmpty else {
      throw fail("Missing required param: tiers.", "tiers", code: "parameter_missing")
    }
    guard given.count <= 100 else { throw fail("A price can have up to 100 tiers.", "tiers") }
    var tiers: [JSON] = []
    var reached: Int64 = 0
    for (index, tier) in given.enumerated() {
      let path = { (key: String) in "tiers[\(index)][\(key)]" }
      let isLast = index == given.count - 1
      guard (tier["up_to"] == "inf") == isLast else {
        throw fail(
          "The last tier, and only the last, must have `up_to` set to `inf`.", path("up_to"))
      }
      if let bound = tier["up_to"]?.integer {
        guard bound > reached else {
          throw fail("`up_to` must be greater than that of the tier before.", path("up_to"))
        }
        reached = bound
      }
      tiers.append(try self.tier(tier.object ?? [:], path: path))
    }
    guard terms["tiers_mode"] != "volume" else {
      throw fail(
        "The sandbox does not offer tiers_mode=volume yet.", "tiers_mode",
        code: "parameter_unsupported")
    }
    return Amounts(tiers: tiers)
  }

  private func tier(_ tier: JSONObject, path: (String) -> String) throws -> JSON {
    let flat = try amount(tier, "flat_amount", at: path)
    let unit = try amount(tier, "unit_amount", at: path)
    guard flat != nil || unit != nil else {
      throw fail(
        "A tier must have a `unit_amount` or a `flat_amount`.", path("unit_amount"),
        code: "parameter_missing")
    }
    return [
      "flat_amount": flat?.whole ?? .null, "flat_amount_decimal": flat?.decimal ?? .null,
      "unit_amount": unit?.whole ?? .null, "unit_amount_decimal": unit?.decimal ?? .null,
      "up_to": tier["up_to"]?.integer.map { .integer($0) } ?? .null,
    ]
  }
}

// MARK: Periods

extension PriceTerms {
  /// The longest period is three years.
  private static let longest: [String: Int64] = [
    "day": 1095, "week": 156, "month": 36, "year": 3,
  ]

  /// `recurring` of the price; null for one that is paid once.
  func recurring(_ call: Call) throws -> JSON {
    guard let recurring = terms["recurring"]?.object else { return .null }
    let interval = recurring["interval"]?.string ?? ""
    let count = recurring["interval_count"]?.integer ?? 1
    guard count >= 1, count <= Self.longest[interval] ?? 1 else {
      throw fail(
        """
        Invalid recurring[interval_count]: a period is at least 1 \(interval) and at most three \
        years.
        """, "recurring[interval_count]")
    }
    let isMetered = recurring["usage_type"] == "metered"
    let meter = recurring["meter"]?.string
    guard isMetered || meter == nil else {
      throw fail(
        "`recurring[meter]` can only be set when `recurring[usage_type]=metered`.",
        "recurring[meter]")
    }
    let aggregation = recurring["aggregate_usage"]?.string
    if isMetered { try checkMeter(meter, call) }
    guard aggregation == nil || (isMetered && meter == nil) else {
      throw fail(
        """
        `recurring[aggregate_usage]` can only be set when `recurring[usage_type]=metered` and there \
        is no `recurring[meter]`.
        """, "recurring[aggregate_usage]")
    }
    var result: JSONObject = [
      "interval": .string(interval), "interval_count": .integer(count), "meter": JSON(meter),
      "trial_period_days": recurring["trial_period_days"] ?? .null,
      "usage_type": isMetered ? "metered" : "licensed",
    ]
    if isMetered, meter == nil { result["_aggregate_usage"] = .string(aggregation ?? "sum") }
    return .object(result)
  }

  /// From basil on usage is counted by meters; before, it can be reported to an item instead.
  private func checkMeter(_ id: String?, _ call: Call) throws {
    guard let id else {
      guard call.version >= .basil else { return }
      throw fail(
        """
        Starting with Stripe version 2025-03-31.basil, all metered prices must be backed by \
        meters. Pass the meter as `recurring[meter]`.
        """, "recurring[meter]", code: "parameter_missing")
    }
    let meter = try call.referenced("billing.meter", id, parameter: name("recurring[meter]"))
    guard meter["status"] == "active" else {
      throw fail("The meter `\(id)` is inactive.", "recurring[meter]")
    }
  }
}

// MARK: Currencies

extension PriceTerms {
  func currency() throws -> String {
    try Currency.checked(terms["currency"]?.string ?? "", parameter: name("currency"))
  }

  /// The options of each currency, the price's own first.
  func currencyOptions(of price: JSONObject, _ now: Timestamp) throws -> JSON {
    let own = price["currency"]?.string ?? ""
    var options: JSONObject = [
      own: [
        "custom_unit_amount": price["custom_unit_amount"] ?? .null,
        "tax_behavior": price["tax_behavior"] ?? .null,
        "unit_amount": price["unit_amount"] ?? .null,
        "unit_amount_decimal": price["unit_amount_decimal"] ?? .null,
      ]
    ]
    for (code, value) in terms["currency_options"]?.object ?? [:] {
      let currency = try Currency.checked(code, parameter: name("currency_options[\(code)]"))
      guard currency != own else {
        throw fail(
          "`currency_options` cannot hold the price's own currency, \(own).",
          "currency_options[\(code)]")
      }
      options[currency] = try option(value, currency)
    }
    return .object(options)
  }

  /// The values of a map are not typed by the declarations, so they are read here.
  private func option(_ value: JSON, _ currency: String) throws -> JSON {
    let path = { (key: String) in "currency_options[\(currency)][\(key)]" }
    var typed = value.object ?? [:]
    for (key, schema) in [
      ("unit_amount", ParameterSchema.integer), ("unit_amount_decimal", .decimalString),
    ] {
      guard let text = typed[key]?.string else { continue }
      typed[key] = try ParameterCheck.scalar(text, as: schema, name: name(path(key)))
    }
    guard let unit = try amount(typed, "unit_amount", at: path) else {
      throw fail(
        "Missing required param: \(path("unit_amount")).", path("unit_amount"),
        code: "parameter_missing")
    }
    return [
      "custom_unit_amount": .null, "tax_behavior": typed["tax_behavior"] ?? "unspecified",
      "unit_amount": unit.whole, "unit_amount_decimal": unit.decimal,
    ]
  }

  /// The options after an update: those that are given replace, the empty string removes all but
  /// the price's own currency.
  static func options(_ call: Call, _ price: JSONObject) throws -> JSON {
    let own = price["currency"]?.string ?? ""
    let old = price["currency_options"]?.object ?? [:]
    var terms: JSONObject = [:]
    if let given = call.object("currency_options") { terms["currency_options"] = .object(given) }
    let new = try PriceTerms(terms: terms, name: { $0 }).currencyOptions(of: price, call.now)
    guard call.object("currency_options") != nil else { return new }
    var merged = old
    for (currency, option) in new.object ?? [:] where currency != own { merged[currency] = option }
    return .object(merged)
  }
}
