import Basics
import BillingCore

/// What a command needs of the catalogue, or the error that says why it cannot have it.
extension Catalogue {
  /// The metadata key under which a customer's own id is written.
  var externalIDKey: String { externalIDMetadata.first ?? Self.defaultExternalIDKeys[0] }

  /// The plan that a user named; exit 4 where there is none.
  func requirePlan(_ id: String) throws(CommandError) -> Plan {
    if let plan = plan(id) { return plan }
    let nearest = nearestPlanID(to: id).map { "did you mean \($0)?" }
    throw .notFound(
      "there is no plan \(Arguments.quoted(id))",
      hint: nearest ?? "billing plans list shows all plans")
  }

  /// The package of tokens that a user named; exit 4 where there is none.
  func requirePackage(_ id: String) throws(CommandError) -> TokenPackage {
    if let package = package(id) { return package }
    let known = packages.map { $0.id }
    throw .notFound(
      "there is no package \(Arguments.quoted(id))",
      hint: NearestName.of(id, among: known).map { "did you mean \($0)?" }
        ?? (known.isEmpty
          ? "plans.yaml has no packages" : "there are \(known.joined(separator: ", "))"))
  }

  /// The price of a plan that can be bought; without an interval the month's, else the shortest.
  func requirePrice(
    of plan: Plan, _ interval: BillingInterval?
  ) throws(CommandError) -> PlanPrice {
    guard plan.isForSale, plan.id != defaultPlanID else {
      let reason =
        plan.id == defaultPlanID
        ? "it is the default plan, which everyone has without a subscription"
        : plan.prices.isEmpty ? "it has no price" : "it is not available"
      throw .conflict(
        "not_for_sale", "\(plan.id) is not for sale: \(reason)",
        hint: "billing plans list shows what is")
    }
    if let interval {
      guard let price = plan.price(interval) else {
        let known = plan.prices.map { $0.interval.words }.joined(separator: ", ")
        throw .conflict(
          "not_for_sale", "\(plan.id) is not sold by the \(interval.words)",
          hint: "it is sold by the \(known)")
      }
      return price
    }
    let monthly = BillingInterval(.month).flatMap { plan.price($0) }
    guard let price = monthly ?? plan.prices.min(by: { $0.interval < $1.interval }) else {
      throw .conflict("not_for_sale", "\(plan.id) has no price")
    }
    return price
  }
}
