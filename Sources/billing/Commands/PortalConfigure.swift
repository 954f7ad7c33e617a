import Basics
import BillingCore
import Stripe

struct PortalConfigure: Command {
  static let name = "portal configure"
  static let summary = "Make the customer portal as the catalogue says"
  static let discussion = """
    Makes a configuration of Stripe's customer portal, or brings the one that it made up to date.
    Customers can change to any plan for sale (billed at once), cancel for the end of the period,
    change their payment method and their data, and see their invoices. Name and pages come from
    business in plans.yaml, the way back from urls or FRONTEND_URL. billing portal then uses it. Run
    twice it changes nothing the second time.

    Stripe's portal changes a subscription of one price only, so plans that bill usage are left out:
    billing upgrade changes to them and from them. Where every plan bills usage, no plan can be
    changed in the portal. It offers 10 plans at most.

    JSON: id, action (created, updated, unchanged), plans, changes, return_url, created, updated.
    """
  static let examples = ["portal configure --dry-run", "portal configure"]

  init(parsing arguments: inout Arguments) throws(UsageError) {}

  func run(_ context: Context) async throws -> ChangeReport {
    let catalogue = try context.catalogue()
    let address = try context.portalAddress(nil, catalogue)
    try context.requireWrite(
      "configure the customer portal of the catalogue \(catalogue.namespace)")
    let earlier = try await context.settleEarlier(PortalPlanning.intent(catalogue.namespace))
    let state = try await PortalState.load(
      catalogue, returnURL: address, from: context.gateway().client)
    warn(of: catalogue, context)
    let isKeyDone = context.settings.idempotencyKey != nil && earlier.result != nil
    guard !isKeyDone, var plan = PortalPlanning.configure(state) else {
      if context.settings.isDryRun {
        let intent = PortalPlanning.intent(catalogue.namespace)
        return .planned(DryRunReport(OperationPlan(intent, steps: [])))
      }
      return .changed(report("unchanged", state.found ?? .null, state))
    }
    plan.journalPosition = earlier.journalPosition
    if context.settings.isDryRun {
      var report = DryRunReport(plan)
      report.changes = PortalPlanning.differences(state).map(JSON.string)
      return .planned(report)
    }
    let outcome = try await context.carryOut(plan)
    let configuration: JSON
    if let answer = outcome.answers.last ?? nil {
      configuration = answer
    } else {
      configuration = try await context.gateway().read(
        StripePath(
          "billing_portal", "configurations", outcome.operation.objectID ?? ""))
    }
    return .changed(report(state.found == nil ? "created" : "updated", configuration, state))
  }

  /// What is left out, and why.
  private func warn(of catalogue: Catalogue, _ context: Context) {
    let (offered, billingUsage, beyondMaximum) = catalogue.portalPlans
    let names = { (plans: [Plan]) in plans.map { $0.id }.joined(separator: ", ") }
    if !billingUsage.isEmpty {
      let what =
        offered.isEmpty
        ? "no plan can be changed in the portal, as every plan for sale bills usage"
        : "the portal leaves out \(names(billingUsage)), which bills usage"
      context.warn(
        "\(what): it changes subscriptions of one price only; billing upgrade changes the others")
    }
    if !beyondMaximum.isEmpty {
      context.warn(
        "the portal leaves out \(names(beyondMaximum)): it offers \(PortalOffer.maximumProducts) "
          + "plans at most")
    }
  }

  private func report(_ action: String, _ configuration: JSON, _ state: PortalState) -> ObjectReport
  {
    var plans: [String] = []
    for product in state.offer.products where !plans.contains(product.planID) {
      plans.append(product.planID)
    }
    let changes = action == "updated" ? PortalPlanning.differences(state) : []
    let object: JSONObject = [
      "id": configuration["id"] ?? .null, "action": .string(action),
      "plans": .array(plans.map(JSON.string)), "changes": .array(changes.map(JSON.string)),
      "return_url": configuration["default_return_url"] ?? .null,
      "created": time(configuration["created"]), "updated": time(configuration["updated"]),
    ]
    return ObjectReport(
      object: object,
      fields: [
        Field("id", object["id"]), Field("plans", object["plans"]),
        Field("returns to", object["return_url"]),
        Field("headline", configuration["business_profile"]?["headline"]),
      ] + (changes.isEmpty ? [] : [Field("changed", object["changes"])]),
      closing: action == "unchanged"
        ? "The portal is as the catalogue says; nothing was changed."
        : "The portal is \(action); billing portal CUSTOMER opens it.")
  }

  private func time(_ seconds: JSON?) -> JSON { JSON(seconds?.integer.map { Timestamp($0) }) }
}
