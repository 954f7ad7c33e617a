import Basics
import BillingCore

struct DeliveryList: Command {
  static let name = "delivery list"
  static let summary = "List what your services were told, or are to be told"
  static let discussion = """
    The newest first. pending: to be sent, at once or at next_attempt_at; delivered: the service
    answered with 2xx; failed: given up, until delivery retry. http_status and error are those of
    the last attempt, whose times are real ones, also in the sandbox. The id is the one that the
    service sees (webhook-id, and id in the message).
    """
  static let parameters: [Parameter] =
    [
      .option(
        "--status", "S", "In this state",
        choices: OutgoingDelivery.Status.allCases.map { $0.rawValue }),
      .option("--endpoint", "ID", "To this endpoint (ep_…)"),
      .option("--customer", "C", "About this customer"),
    ] + Parameter.limits
  static let examples = [
    "delivery list --status failed", "delivery list --customer ada@example.com --json",
  ]

  var status: OutgoingDelivery.Status?
  var endpointID: String?
  var customer: CustomerReference?
  var limit: Int?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    status = try arguments.choice("--status")
    endpointID = try arguments.option("--endpoint")
    customer = try arguments.customerOption()
    limit = try arguments.listLimit()
  }

  func run(_ context: Context) async throws -> ListReport {
    var filter = OutgoingDelivery.Filter()
    filter.status = status
    filter.limit = limit.map { $0 + 1 }
    if let endpointID {
      filter.endpointID = try context.store().read { try $0.requireEndpoint(endpointID).id }
    }
    if let customer { filter.customerID = try await context.mirroredCustomerID(customer) }
    let found = try context.store().read { [filter] in try $0.deliveries(matching: filter) }
    let shown = found.prefix(limit ?? found.count)
    return ListReport(
      shown.map { .object(DeliveryView.json($0)) }, hasMore: shown.count < found.count,
      keys: DeliveryView.keys, columns: DeliveryView.columns, empty: "no such deliveries")
  }
}
