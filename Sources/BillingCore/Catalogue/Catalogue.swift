import Basics
import Stripe

/// The plans, meters, coupons and packages of plans.yaml. Only the reader makes one, so a catalogue
/// that exists has no mistakes: ids are well formed and unique, references lead somewhere.
package struct Catalogue: Sendable, Hashable {
  package let version: Int
  /// Prefix of product ids and lookup keys, so that two catalogues can share an account.
  package let namespace: String
  /// ISO code in lower case.
  package let currency: String
  package let defaultPlanID: String
  /// How long access is kept while a subscription is past due.
  package let gracePeriodDays: Int
  /// Percent of a limit, else of what is included, from which an alert is due; ascending.
  package let alerts: [Int]
  package let meters: [MeterDefinition]
  /// By rank.
  package internal(set) var plans: [Plan]
  package let coupons: [CouponDefinition]
  package let packages: [TokenPackage]
  package let tokensCover: [TokenCover]
  package let urls: CatalogueURLs
  package let business: BusinessProfile
  package let goals: [Goal]
  package let refunds: RefundPolicy
  /// What API keys begin with: `<prefix>_live_`, `<prefix>_test_`.
  package let keyPrefix: String
  /// The metadata keys under which a customer's own id is found; the first is written.
  /// `billing_external_id`, then `external_id` where the file names none.
  package let externalIDMetadata: [String]
  /// In which customers are written to: `en`, `de`, `pt-BR`.
  package let language: String
  /// Nil where nobody is to be told of anything.
  package let notifications: NotificationRules?
  /// Names for people of limits and features, where the file gives them.
  var names: [String: String]

  /// The key of the metadata that everything made from a catalogue carries; its value is the
  /// namespace.
  package static let metadataKey = "billing_catalogue"
  package static let planMetadataKey = "billing_plan"
  package static let packageMetadataKey = "billing_package"
  /// Where a customer's own id is looked for when the file does not say; the first is written.
  package static let defaultExternalIDKeys = ["billing_external_id", "external_id"]
  /// The lookup key that a price was made for, which it still has when a successor took the key.
  package static let lookupKeyMetadataKey = "billing_lookup_key"
}

// MARK: Finding

extension Catalogue {
  package var defaultPlan: Plan? { plan(defaultPlanID) }

  package func plan(_ id: String) -> Plan? { plans.first { $0.id == id } }

  /// The id that someone who wrote another one most likely meant.
  package func nearestPlanID(to id: String) -> String? {
    NearestName.of(id, among: plans.map { $0.id })
  }

  package func plan(productID: String) -> Plan? {
    plans.first { self.productID(of: $0) == productID }
  }

  /// The plan that a price belongs to, also where it is the price of an overage.
  package func plan(lookupKey: String) -> Plan? {
    plans.first { plan in
      plan.prices.contains { $0.lookupKey == lookupKey }
        || plan.overages.contains { $0.prices.contains { $0.lookupKey == lookupKey } }
    }
  }

  /// The plan that a price made elsewhere belongs to.
  package func plan(priceID: String) -> Plan? {
    plans.first { $0.prices.contains { $0.id == priceID } }
  }

  package func price(plan id: String, _ interval: BillingInterval) -> PlanPrice? {
    plan(id)?.price(interval)
  }

  package func meter(_ id: String) -> MeterDefinition? { meters.first { $0.id == id } }

  package func meter(eventName: String) -> MeterDefinition? {
    meters.first { $0.eventName == eventName }
  }

  package func coupon(_ id: String) -> CouponDefinition? { coupons.first { $0.id == id } }
  package func package(_ id: String) -> TokenPackage? { packages.first { $0.id == id } }

  /// Every limit that any plan names, sorted.
  package var limitIDs: [String] { Set(plans.flatMap { $0.limits.map { $0.id } }).sorted() }

  /// Every feature that any plan names, sorted.
  package var featureIDs: [String] { Set(plans.flatMap { $0.features.map { $0.id } }).sorted() }

  /// A limit's or feature's name for people: the file's, the meter's, else made of its id.
  package func displayName(_ id: String) -> String {
    if let name = names[id] ?? meter(id)?.name { return name }
    let words = id.replacing("_", with: " ").replacing("-", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }
}

// MARK: Names at Stripe

extension Catalogue {
  static func productID(namespace: String, plan: String) -> String { "\(namespace)_\(plan)" }

  /// The product on which a plan is sold. One of a plan without prices is made when it is first sold
  /// at an amount that was agreed on.
  package func productID(of plan: Plan) -> String {
    plan.productID ?? Self.productID(namespace: namespace, plan: plan.id)
  }

  /// The metadata of a product that a sale brought about, which a seed leaves alone.
  static let soldByAmountKey = "billing_sold_by_amount"

  /// What makes the product of a plan without prices.
  func product(of plan: Plan) -> JSONObject {
    var parameters: JSONObject = [
      "id": .string(productID(of: plan)), "name": .string(plan.name),
    ]
    parameters["description"] = plan.description.map(JSON.string)
    parameters["metadata"] = [
      Self.metadataKey: .string(namespace), Self.planMetadataKey: .string(plan.id),
      Self.soldByAmountKey: "true",
    ]
    return parameters
  }

  static func lookupKey(namespace: String, plan: String, _ interval: BillingInterval) -> String {
    "\(namespace)_\(plan)_\(interval)"
  }

  static func lookupKey(
    namespace: String, plan: String, overage meter: String, _ interval: BillingInterval
  ) -> String {
    "\(namespace)_\(plan)_overage_\(meter)_\(interval)"
  }

  static func packageKey(namespace: String, package: String) -> String {
    "\(namespace)_package_\(package)"
  }

  /// The lookup key of an entitlement feature.
  package func featureLookupKey(_ feature: String) -> String { "\(namespace)_\(feature)" }
}
