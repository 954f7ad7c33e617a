import Basics
import BillingCore

/// The API key that comes with a new subscription: one for each subscription, however often the
/// command is run under its idempotency key.
struct SubscriptionKey {
  let customerID: String
  private static let command = "subscribe --api-key"

  /// The operation that made the subscription.
  let operationID: String

  /// The report with the key. The subscription stands whatever becomes of the key, so a key that
  /// could not be made is told after it.
  func issued(with report: ObjectReport, _ context: Context) -> ObjectReport {
    var report = report
    do {
      let key = try issue(context)
      report.object["api_key"] = .object(key)
      let text = Cell(key["key"]).text
      report.fields.append(Field("api key", text == "-" ? Cell(key["id"]).text : text))
      let closing = text == "-" ? "was shown when it was made" : "is shown once"
      report.closing = (report.closing.map { $0 + " " } ?? "") + "The API key \(closing)."
    } catch {
      report.object["api_key"] = .null
      var failure = CommandError(explaining: error)
      failure.message = "the subscription stands, without an API key: \(failure.message)"
      failure.hint = "billing apikey create \(customerID) issues one"
      if case .done = report.outcome { report.outcome = .failed(failure) }
    }
    return report
  }

  private func issue(_ context: Context) throws -> JSONObject {
    let catalogue = try context.catalogue()
    let request = APIKey.Request(
      customerID: customerID, name: nil, expiresAt: nil, actor: context.settings.actor,
      change: OwnChange(
        Self.command,
        meaning: OwnMeaning.of(Self.command, ["operation": .string(operationID)]),
        key: operationID))
    let issued = try context.issue(
      request, catalogue, at: try context.now(ofCustomer: customerID))
    return try APIKeyView(context, catalogue).json(issued)
  }

  /// A dry run of the subscription tells of the key that would be made.
  static func plan(_ plan: OperationPlan, issuesKey: Bool) -> DryRunReport {
    var report = DryRunReport(plan)
    if issuesKey { report.changes = [["object": "api_key", "action": "create"]] }
    return report
  }
}
