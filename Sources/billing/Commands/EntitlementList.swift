import Basics
import BillingCore

struct EntitlementList: Command {
  static let name = "entitlement list"
  static let summary = "List what customers were granted of their own"
  static let discussion = """
    What holds now, of one customer or of all, the newest first; with --history also what has
    lapsed, was replaced or taken back, with who did it and why. Reads the state database.
    """
  static let parameters: [Parameter] =
    [
      .optional("CUSTOMER", "An id (cus_…), an e-mail address, or an id of your own"),
      .flag("--history", "Also what no longer holds"),
    ] + Parameter.limits
  static let examples = ["entitlement list", "entitlement list ada@example.com --history"]

  var reference: CustomerReference?
  var showsHistory: Bool
  var limit: Int?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.optionalCustomer()
    showsHistory = arguments.flag("--history")
    limit = try arguments.listLimit()
  }

  func run(_ context: Context) async throws -> ListReport {
    var customerID: String?
    if let reference { customerID = try await context.mirroredCustomerID(reference) }
    let clock = try context.now()
    let rows = try context.store().read { try self.rows($0, customerID, at: clock) }
      .filter { showsHistory || $0["status"] == "active" }
    let page = ListPage(rows, limit: limit)
    return ListReport(
      page.shown.map { JSON.object($0) }, hasMore: page.hasMore,
      keys: EntitlementView.keys, columns: EntitlementView.columns,
      empty: "nobody was granted anything of their own")
  }

  private func rows(
    _ transaction: Transaction, _ customerID: String?, at clock: Timestamp
  ) throws -> [JSONObject] {
    var seen: Set<[String]> = []
    return try transaction.ownEntitlements(ofCustomer: customerID).map { row in
      let isNewest = seen.insert([row.customerID, row.featureID]).inserted
      var now = clock
      if let customer = try transaction.customer(row.customerID) {
        now = try transaction.time(of: customer, at: clock)
      }
      return EntitlementView.json(row, isNewest: isNewest, at: now)
    }
  }
}
