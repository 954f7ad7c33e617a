import Basics
import BillingCore

struct TokensHistory: Command {
  static let name = "tokens history"
  static let summary = "List what was added to a customer's tokens and what was taken, newest first"
  static let discussion = """
    One line an entry, with the balance after it and its reference: of a purchase and its refund the
    payment at Stripe, else your own. Amounts that were taken are below zero. Entries are never
    changed; a correction is an entry of its own. Reads the state database.
    """
  static let parameters: [Parameter] = [.customer] + Parameter.limits
  static let examples = [
    "tokens history ada@example.com", "tokens history user-17 --all --format csv",
  ]

  var reference: CustomerReference
  var limit: Int?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    limit = try arguments.listLimit()
  }

  func run(_ context: Context) async throws -> ListReport {
    let id = try await context.mirroredCustomerID(reference)
    let clock = try context.now()
    let entries = try context.store().read {
      try $0.tokenEntries(
        ofCustomer: id, at: $0.time(ofCustomer: id, at: clock), limit: limit.map { $0 + 1 })
    }
    let page = ListPage(entries, limit: limit)
    return ListReport(
      page.shown.map { .object(TokenView.json($0)) }, hasMore: page.hasMore,
      keys: TokenView.entryKeys, columns: TokenView.columns,
      empty: "\(reference.text) never had any tokens")
  }
}
