import Basics
import BillingCore
import Stripe

struct SubscriptionList: Command {
  static let name = "subscription list"
  static let summary = "List subscriptions"
  static let discussion = """
    Lists the subscriptions that Stripe has, the newest first, without those that have ended; all,
    ended, or one status with --status. With --local the mirror answers.
    """
  static let parameters: [Parameter] =
    [
      .option("--status", "S", "With this status", choices: Self.statuses),
      .option("--plan", "P", "To this plan"),
    ] + Parameter.limits
  static let examples = ["subscription list", "subscription list --status past_due --json"]

  static let ended = ["canceled", "incomplete_expired"]
  private static let statuses =
    ["active", "trialing", "past_due", "unpaid", "paused", "incomplete"] + ended
    + ["ended", "all"]

  var status: String?
  var planID: String?
  var limit: Int?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    status = try arguments.option("--status")
    planID = try arguments.option("--plan")
    limit = try arguments.listLimit()
  }

  func run(_ context: Context) async throws -> ListReport {
    let catalogue = try context.catalogueForNames()
    if let planID { _ = try context.catalogue().requirePlan(planID) }
    let subscriptions: [Subscription]
    var hasMore = false
    if context.settings.readsLocally {
      let found = try mirrored(context, catalogue)
      subscriptions = try found.prefix(limit ?? found.count).map { try Subscription($0) }
      hasMore = found.count > subscriptions.count
    } else {
      var parameters = JSONObject()
      parameters["status"] = status.map(JSON.string)
      let gateway = try await context.gateway()
      parameters["expand"] = gateway.client.configuration.expandingDiscounts(inLists: true)
      let found = try await gateway.list(
        StripePath("subscriptions"), parameters, limit: limit,
        where: { isWanted(SubscriptionView.json(try Subscription($0), catalogue)) })
      var read: [Subscription] = []
      for json in found.objects { read.append(try await gateway.subscription(json)) }
      subscriptions = read
      hasMore = found.hasMore
    }
    return ListReport(
      subscriptions.map { .object(SubscriptionView.json($0, catalogue)) },
      hasMore: hasMore, keys: SubscriptionView.keys, columns: SubscriptionView.columns,
      empty: "no subscriptions")
  }

  private func isWanted(_ view: JSONObject) -> Bool {
    planID == nil || view["plan"]?.string == planID
  }

  /// Without a status Stripe leaves canceled subscriptions out, and so does the mirror.
  private func hasStatus(_ value: String) -> Bool {
    switch status {
    case nil: value != "canceled"
    case "all": true
    case "ended": Self.ended.contains(value)
    case let status?: status == value
    }
  }

  private func mirrored(_ context: Context, _ catalogue: Catalogue?) throws -> [JSON] {
    try context.store().read { transaction in
      try transaction.subscriptions(status: nil, limit: nil)
        .filter { hasStatus($0.status) }
        .filter { planID == nil || (catalogue?.planID(of: $0) ?? $0.plan) == planID }
        .compactMap { try transaction.subscriptionJSON($0.id) }
    }
  }
}
