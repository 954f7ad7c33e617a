import Basics
import BillingCore
import Stripe

struct CustomerList: Command {
  static let name = "customer list"
  static let summary = "List customers"
  static let discussion = """
    Lists customers as Stripe has them, the newest first; with --local as the mirror has them.
    --status none, for those without a subscription, is a question for the mirror alone.
    """
  static let parameters: [Parameter] =
    [
      .option("--email", "E", "With this address"),
      .option("--plan", "P", "On this plan"),
      .option("--status", "S", "Whose subscription has this status", choices: Self.statuses),
    ] + Parameter.limits
  static let examples = ["customer list", "customer list --plan pro --status past_due --json"]

  private static let statuses = [
    "none", "active", "trialing", "past_due", "unpaid", "paused", "incomplete",
    "incomplete_expired", "canceled",
  ]

  var email: String?
  var plan: String?
  var status: String?
  var limit: Int?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    email = try arguments.option("--email")
    plan = try arguments.option("--plan")
    status = try arguments.option("--status")
    limit = try arguments.listLimit()
  }

  func run(_ context: Context) async throws -> ListReport {
    let catalogue = try context.catalogueForNames()
    if let plan { _ = try context.catalogue().requirePlan(plan) }
    let (rows, hasMore) =
      context.settings.readsLocally
      ? try mirrored(context, catalogue) : try await atStripe(context, catalogue)
    return ListReport(
      rows.map(JSON.object), hasMore: hasMore, keys: CustomerView.keys,
      columns: CustomerView.columns, empty: "no customers")
  }

  private func isWanted(_ current: CurrentPlan) -> Bool {
    (plan == nil || plan == current.planID) && (status == nil || status == current.status)
  }

  private func mirrored(
    _ context: Context, _ catalogue: Catalogue?
  ) throws -> ([JSONObject], hasMore: Bool) {
    let now = try context.now()
    let rows = try context.store().read { transaction in
      let customers =
        try email.map { try transaction.customers(email: $0) }
        ?? transaction.customers(limit: nil)
      return try customers.compactMap { customer -> JSONObject? in
        let current = try transaction.currentPlan(of: customer, in: catalogue, at: now)
        guard isWanted(current) else { return nil }
        return CustomerView.json(customer, current)
      }
    }
    return (Array(rows.prefix(limit ?? rows.count)), rows.count > limit ?? rows.count)
  }

  /// Stripe cannot filter customers by their subscriptions, so these come along expanded; the ones
  /// that ended never do, so of those the mirror tells.
  private func atStripe(
    _ context: Context, _ catalogue: Catalogue?
  ) async throws -> ([JSONObject], hasMore: Bool) {
    if status == "none" {
      throw CommandError.usage(
        "only the mirror knows who has no subscription", hint: "add --local")
    }
    var parameters: JSONObject = ["expand": ["data.subscriptions"]]
    parameters["email"] = email.map(JSON.string)
    let (mirror, store, now) = (context.mirror(), try context.store(), try context.now())
    let view = { (json: JSON) -> (CustomerRow, CurrentPlan) in
      let customer = try Customer(json)
      let subscriptions = try json["subscriptions"]?["data"]?.array?.map { try Subscription($0) }
      var rows = (subscriptions ?? []).map {
        SubscriptionRow($0, plan: $0.metadata[Catalogue.planMetadataKey])
      }
      if rows.isEmpty {
        rows = try store.read { try $0.subscriptions(ofCustomer: customer.id) }
          .filter { SubscriptionList.ended.contains($0.status) }
      }
      let row = CustomerRow(customer, externalID: mirror.externalID(in: customer.metadata))
      let current = try store.read {
        try $0.currentPlan(of: row, rows, in: catalogue, at: now)
      }
      return (row, current)
    }
    let found = try await context.gateway().list(
      StripePath("customers"), parameters, limit: limit, where: { isWanted(try view($0).1) })
    let rows = try found.objects.map { json in
      let (customer, current) = try view(json)
      return CustomerView.json(customer, current)
    }
    return (rows, found.hasMore)
  }
}
