import Basics
import BillingCore

struct EndpointTest: Command {
  static let name = "endpoint test"
  static let summary = "Post a test message to a service of yours"
  static let discussion = """
    Sends a message of the type endpoint.test at once, signed as all others, whatever the endpoint
    wants to be told. It is tried once. The exit code is 10 where it was not taken; what was answered
    is told.
    """
  static let parameters: [Parameter] = [.outgoingEndpoint]
  static let examples = ["endpoint test ep_AbCdEfGhIjKlMnOp"]

  var id: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    id = try arguments.positional("ID")
  }

  func run(_ context: Context) async throws -> ChangeReport {
    let store = try context.store()
    let endpoint = try store.read { try $0.requireEndpoint(id) }
    guard endpoint.removedAt == nil else {
      throw OutgoingConflict.isRemoved(endpointID: endpoint.id)
    }
    try context.requireOwnWrite("post a test message to \(endpoint.url)")
    if context.settings.isDryRun {
      return .planned(DeliveryView.plan(OutgoingMessage.testType, to: endpoint))
    }
    let message = OutgoingMessage(
      testOf: endpoint, token: context.world.makeToken(16), at: try context.now())
    let delivery = try await context.send(try store.write { try $0.insert(message) })
    return .changed(DeliveryView.report(delivery))
  }
}
