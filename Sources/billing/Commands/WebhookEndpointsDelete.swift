import Basics
import BillingCore
import Stripe

struct WebhookEndpointsDelete: Command {
  static let name = "webhook endpoints delete"
  static let summary = "Have Stripe send no more events to an address"
  static let discussion = """
    Deletes a webhook endpoint at Stripe for good, with what it was still to be sent; needs a yes.
    What was missed meanwhile, billing webhook replay --from-stripe fetches for 30 days. The
    endpoint is shown as it was, with the status deleted. Its secret stays in your env file until
    you take it out.
    """
  static let parameters: [Parameter] = [.required("ID", "The endpoint's id (we_…)")]
  static let examples = ["webhook endpoints delete we_1Mr5jULkdIwHu7ix1ibLTM0x --yes"]

  var id: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    id = try arguments.positional("ID")
    guard id.wholeMatch(of: /we_[A-Za-z0-9_]{1,200}/) != nil else {
      throw arguments.error("ID must be the id of a webhook endpoint (we_…)")
    }
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite("delete the webhook endpoint \(id)", destroys: true)
    let earlier = try await context.settleEarlier(EndpointPlanning.deletion(of: id))
    if earlier.result != nil { return report(nil) }
    guard let json = try await context.gateway().readIfKnown(StripePath("webhook_endpoints", id))
    else { throw EndpointConflict.unknown(id: id) }
    let endpoint = try WebhookEndpoint(json)
    var plan = EndpointPlanning.delete(id)
    plan.journalPosition = earlier.journalPosition
    if context.settings.isDryRun { return .planned(DryRunReport(plan)) }
    _ = try await context.carryOut(plan)
    return report(endpoint)
  }

  /// Of one that an earlier run deleted, Stripe tells nothing any more.
  private func report(_ endpoint: WebhookEndpoint?) -> ChangeReport {
    var object = JSONObject(uniqueKeysWithValues: EndpointView.keys.map { ($0, JSON.null) })
    if let endpoint { object = EndpointView.json(endpoint) }
    object["id"] = .string(id)
    object["status"] = "deleted"
    let address = endpoint.map { "to \($0.url)" } ?? "there"
    return .changed(
      EndpointView.report(object, closing: "Stripe sends no more events \(address)."))
  }
}
