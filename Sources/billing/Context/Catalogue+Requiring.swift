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

  /// The meter that a user named; exit 4 where there is none.
  func requireMeter(_ id: String) throws(CommandError) -> MeterDefinition {
    if let meter = meter(id) { return meter }
    throw Self.unknown("meter", id, among: meters.map { $0.id })
  }

  /// The package of tokens that a user named; exit 4 where there is none.
  func requirePackage(_ id: String) throws(CommandError) -> TokenPackage {
    if let package = package(id) { return package }
    throw Self.unknown("package", id, among: packages.map { $0.id })
  }

  private static func unknown(_ kind: String, _ id: String, among known: [String]) -> CommandError {
    .notFound(
      "there is no \(kind) \(Arguments.quoted(id))",
      hint: NearestName.of(id, among: known).map { "did you mean \($0)?" }
        ?? (known.isEmpty
          ? "plans.yaml has no \(kind)s" : "there are \(known.joined(separator: ", "))"))
  }

  /// The price of a plan that can be bought; without an interval the month's, else the shortest.
  ///
  /// - Parameter isInvited: whether it is for someone to whom a plan is sold that others cannot buy.
  func requirePrice(
    of plan: Plan, _ interval: BillingInterval?, isInvited: Bool = false
  ) throws(CommandError) -> PlanPrice {
    try requireNotDefault(plan)
    guard plan.isForSale || isInvited && !plan.prices.isEmpty else {
      let reason = plan.prices.isEmpty ? "it has no price" : "it is not available"
      throw notForSale(plan, reason)
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

  /// A price that was agreed on with one customer, in the catalogue's currency; by the month where
  /// no interval is given. A plan may have no list price, or be by invitation: who names an amount
  /// has agreed on it.
  func requireAgreedPrice(
    of plan: Plan, _ amount: Int64, _ interval: BillingInterval?
  ) throws(CommandError) -> PlanPrice {
    try requireNotDefault(plan)
    guard let interval = interval ?? BillingInterval(.month) else {
      throw notForSale(plan, "a month is no interval")
    }
    let metered = plan.overages.flatMap { $0.prices.map { $0.interval } }
    guard metered.isEmpty || metered.contains(interval) else {
      let known = plan.prices.map { $0.interval.words }.joined(separator: ", ")
      throw .conflict(
        "not_for_sale", "the overage of \(plan.id) is not billed by the \(interval.words)",
        hint: "it is billed by the \(known)")
    }
    return .agreed(amount, currency, each: interval)
  }

  private func requireNotDefault(_ plan: Plan) throws(CommandError) {
    guard plan.id == defaultPlanID else { return }
    throw notForSale(plan, "it is the default plan, which everyone has without a subscription")
  }

  private func notForSale(_ plan: Plan, _ reason: String) -> CommandError {
    .conflict(
      "not_for_sale", "\(plan.id) is not for sale: \(reason)",
      hint: plan.id == defaultPlanID ? "billing plans list shows what is" : Self.hint(plan))
  }

  private static func hint(_ plan: Plan) -> String {
    plan.prices.isEmpty
      ? "billing subscribe --amount sells it at a price that was agreed on"
      : "billing subscribe --invited sells it to one customer"
  }
}
