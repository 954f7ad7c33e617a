import Basics
import BillingCore

struct EndpointRemove: Command {
  static let name = "endpoint remove"
  static let summary = "Tell a service of yours nothing more"
  static let discussion = """
    Forgets its secret and gives up what it was still to be told. What was delivered stays in the
    log. One that is removed already stays as it is.
    """
  static let parameters: [Parameter] = [.outgoingEndpoint]
  static let examples = ["endpoint remove ep_AbCdEfGhIjKlMnOp"]

  var id: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    id = try arguments.positional("ID")
  }

  func run(_ context: Context) async throws -> ChangeReport {
    let endpoint = try context.store().read { try $0.requireEndpoint(id) }
    try context.requireOwnWrite("tell \(endpoint.url) nothing more")
    if context.settings.isDryRun { return .planned(OutgoingEndpointView.plan(removing: endpoint)) }
    let removed = try context.store().write { try $0.removeEndpoint(id) }
    return .changed(
      OutgoingEndpointView.report(
        OutgoingEndpointView.json(removed), closing: "\(removed.url) is told nothing more."))
  }
}

extension Parameter {
  static let outgoingEndpoint = required("ID", "An endpoint's id (ep_…), as endpoint list shows it")
}
