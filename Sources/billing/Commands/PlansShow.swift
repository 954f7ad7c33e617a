import Basics
import BillingCore

/// `billing plans show PLAN`: one plan with its prices and rights.
struct PlansShow: Command {
  static let name = "plans show"
  static let summary = "Show one plan: prices, limits, features"
  static let discussion = """
    Reads plans.yaml alone: no key is needed and nothing is sent. Amounts in JSON are in the
    currency's minor unit.
    """
  static let parameters: [Parameter] = [.required("PLAN", "A plan's id in plans.yaml")]
  static let examples = ["plans show starter", "plans show starter --json"]

  var planID: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    planID = try arguments.positional("PLAN")
  }

  func run(_ context: Context) async throws -> ObjectReport {
    let catalogue = try context.catalogue()
    let plan = try catalogue.requirePlan(planID)
    var fields = [
      Field("Plan", plan.id), Field("Name", plan.name), Field("Description", plan.description),
      Field("Rank", JSON(plan.rank)), Field("Product", plan.productID),
      Field("Available", .bool(plan.isAvailable)),
    ]
    fields += plan.prices.map { price in
      Field("Price", "\(PlanWords.price(price)) (\(price.id ?? price.lookupKey))")
    }
    if plan.prices.isEmpty { fields.append(Field("Price", "none")) }
    if plan.trialDays > 0 { fields.append(Field("Trial", "\(plan.trialDays) days")) }
    fields += plan.overages.map { overage in
      Field(
        "Overage",
        PlanWords.overage(
          overage, currency: overage.prices.first?.currency ?? catalogue.currency, in: catalogue))
    }
    fields += plan.limits.map { Field(catalogue.displayName($0.id), PlanWords.limit($0)) }
    fields += plan.features.map { Field(catalogue.displayName($0.id), PlanWords.feature($0)) }
    if let api = plan.api {
      fields.append(
        Field("API requests a minute", PlanWords.number(orUnlimited: api.rateLimitPerMinute)))
      fields.append(Field("API requests a month", PlanWords.number(orUnlimited: api.monthlyQuota)))
    }
    return ObjectReport(
      object: PlanJSON.of(plan, priceIDs: try context.knownPriceIDs()).object ?? [:], fields: fields
    )
  }
}
