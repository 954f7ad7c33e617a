import Basics
import BillingCore

struct EndpointList: Command {
  static let name = "endpoint list"
  static let summary = "List your services that are told what happens"
  static let discussion = """
    In the order in which they were added. Their secrets are not shown. Where Stripe sends its
    events is told by webhook endpoints list.
    """
  static let parameters: [Parameter] = []
  static let examples = ["endpoint list", "endpoint list --json"]

  init(parsing arguments: inout Arguments) throws(UsageError) {}

  func run(_ context: Context) async throws -> ListReport {
    let endpoints = try context.store().read { try $0.outgoingEndpoints() }
    return ListReport(
      endpoints.map { .object(OutgoingEndpointView.json($0)) }, keys: OutgoingEndpointView.keys,
      columns: OutgoingEndpointView.columns,
      empty: "nobody is told; billing endpoint add URL --events E,… adds a service of yours")
  }
}
