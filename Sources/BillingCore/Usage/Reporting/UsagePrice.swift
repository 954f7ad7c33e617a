package import Basics
package import Stripe

/// What a metered price charges for use, line by line as Stripe's invoices have them: a price a unit
/// has one line, tiers one for the units in each and one for its flat amount. Each is rounded by
/// itself to whole minor units, halves up.
package enum UsagePrice: Sendable, Hashable {
  /// Minor units a unit, as a decimal; billed by packages of so many units.
  case perUnit(String, package: Int64, roundsUp: Bool)
  case graduated([Price.Tier])
  /// All units at what the tier charges in which the last one lies.
  case volume([Price.Tier])

  /// Nil where it has tiers that are not told.
  ///
  /// - Parameter json: the price as Stripe told it, with its tiers where it has any.
  package init?(_ json: JSON) throws(MalformedObject) {
    let price = try Price(json)
    guard price.billingScheme == "tiered" else {
      let transform = json["transform_quantity"]
      self = .perUnit(
        price.unitAmountDecimal ?? price.unitAmount.map { "\($0)" } ?? "0",
        package: max(1, transform?["divide_by"]?.integer ?? 1),
        roundsUp: transform?["round"]?.string == "up")
      return
    }
    guard !price.tiers.isEmpty else { return nil }
    self = price.tiersMode == "volume" ? .volume(price.tiers) : .graduated(price.tiers)
  }

  /// As `plans seed` makes it.
  package init(_ overage: Overage) {
    guard overage.included > 0 else {
      self = .perUnit(overage.unitAmountDecimal, package: 1, roundsUp: false)
      return
    }
    self = .graduated([
      Price.Tier(upTo: overage.included, unitAmountDecimal: "0"),
      Price.Tier(upTo: nil, unitAmountDecimal: overage.unitAmountDecimal),
    ])
  }

  /// How many units cost nothing before others do; nil where all cost the same.
  package var included: Int64? {
    guard case .graduated(let tiers) = self, let first = tiers.first, let upTo = first.upTo,
      Self.product(first.unitAmountDecimal ?? "0", 1_000_000_000_000) == 0,
      first.flatAmount ?? 0 == 0
    else { return nil }
    return upTo
  }

  /// In minor units; nil where it is more than can be counted.
  package func amount(for units: Int64) -> Int64? {
    switch self {
    case .perUnit(let each, let package, let roundsUp):
      let packages = units / package + (roundsUp && units % package > 0 ? 1 : 0)
      return Self.product(each, packages)
    case .graduated(let tiers): return Self.graduated(tiers, units)
    case .volume(let tiers):
      guard let tier = tiers.first(where: { $0.upTo.map { units <= $0 } ?? true }) else {
        return nil
      }
      return Self.charge(of: tier, units)
    }
  }

  private static func graduated(_ tiers: [Price.Tier], _ units: Int64) -> Int64? {
    var (total, reached) = (Int64(0), Int64(0))
    for (index, tier) in tiers.enumerated() where index == 0 || reached < units {
      let end = min(tier.upTo ?? units, units)
      guard let charge = charge(of: tier, end - reached) else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(charge)
      guard !overflow else { return nil }
      (total, reached) = (sum, end)
    }
    return total
  }

  private static func charge(of tier: Price.Tier, _ units: Int64) -> Int64? {
    guard let amount = product(tier.unitAmountDecimal ?? "0", units) else { return nil }
    let (sum, overflow) = amount.addingReportingOverflow(tier.flatAmount ?? 0)
    return overflow ? nil : sum
  }

  /// So many units at so many minor units each, rounded half up; nil where it is more than can be
  /// counted, or no plain decimal.
  package static func product(_ each: String, _ units: Int64) -> Int64? {
    let parts = each.split(separator: ".", omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? parts[1] : ""
    guard parts.count <= 2, fraction.utf8.count <= 18, let mantissa = Int128(parts[0] + fraction)
    else { return nil }
    let scale = fraction.utf8.reduce(Int128(1)) { scale, _ in scale * 10 }
    let (product, overflow) = mantissa.multipliedReportingOverflow(by: Int128(units))
    guard !overflow else { return nil }
    return Int64(exactly: (product + scale / 2) / scale)
  }
}
