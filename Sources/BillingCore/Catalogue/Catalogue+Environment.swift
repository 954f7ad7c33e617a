extension Catalogue {
  /// The catalogue with the price ids that the environment names, which win over the file's.
  ///
  /// `STRIPE_PRICE_<PLAN>_MONTHLY`, `…_QUARTERLY` and `…_YEARLY`; for the monthly price also
  /// `STRIPE_PRICE_ID_<PLAN>` and `STRIPE_<PLAN>_PRICE_ID`, in this order. Empty values count as
  /// absent; names of intervals that a plan does not have are other programs' business. Throws
  /// for a value that is no price id.
  package func applying(
    environment: [String: String]
  ) throws(CatalogueError) -> Catalogue {
    var result = self
    var mistakes: [CatalogueMistake] = []
    for planIndex in plans.indices {
      for priceIndex in plans[planIndex].prices.indices {
        let names = Self.environmentNames(
          plan: plans[planIndex].id, plans[planIndex].prices[priceIndex].interval)
        guard let name = names.first(where: { environment[$0]?.isEmpty == false }),
          let value = environment[name]
        else { continue }
        guard Self.isPriceID(value) else {
          mistakes.append(
            CatalogueMistake(
              file: "environment", line: 1, column: 1,
              message: "\(name) is no price id (price_ and letters and digits)"))
          continue
        }
        result.plans[planIndex].prices[priceIndex].id = value
      }
    }
    guard mistakes.isEmpty else { throw .invalid(mistakes) }
    return result
  }

  /// The variables that name a plan's price, first the one that wins.
  package static func environmentNames(plan: String, _ interval: BillingInterval) -> [String] {
    let plan = environmentName(plan)
    switch interval.name {
    case "month":
      return [
        "STRIPE_PRICE_\(plan)_MONTHLY", "STRIPE_PRICE_ID_\(plan)", "STRIPE_\(plan)_PRICE_ID",
      ]
    case "3month": return ["STRIPE_PRICE_\(plan)_QUARTERLY"]
    case "year": return ["STRIPE_PRICE_\(plan)_YEARLY"]
    default: return []
    }
  }

  static func environmentName(_ plan: String) -> String {
    plan.uppercased().replacing("-", with: "_")
  }

  /// `price_…`, or `plan_…` as prices of old accounts are called.
  static func isPriceID(_ text: String) -> Bool {
    text.wholeMatch(of: /(price|plan)_[A-Za-z0-9_]{1,200}/) != nil
  }
}
