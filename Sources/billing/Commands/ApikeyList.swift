import Basics
import BillingCore

struct ApikeyList: Command {
  static let name = "apikey list"
  static let summary = "List a customer's API keys, ended ones included"
  static let discussion = """
    The newest first, each with the beginning of the key, what the customer's plan allows it now,
    and when it was last let through. The keys themselves are stored nowhere.
    """
  static let parameters: [Parameter] = [.customer] + Parameter.limits
  static let examples = ["apikey list ada@example.com", "apikey list user-17 --json"]

  var reference: CustomerReference
  var limit: Int?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    limit = try arguments.listLimit()
  }

  func run(_ context: Context) async throws -> ListReport {
    let customerID = try await context.mirroredCustomerID(reference)
    let keys = try context.store().read { try $0.apiKeys(ofCustomer: customerID) }
    let view = try APIKeyView(context, try context.catalogueForNames())
    let page = ListPage(keys, limit: limit)
    return ListReport(
      try page.shown.map { .object(try view.json($0)) }, hasMore: page.hasMore,
      keys: APIKeyView.keys, columns: APIKeyView.columns,
      empty: "\(reference.text) has no API keys")
  }
}
