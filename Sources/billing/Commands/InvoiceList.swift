import Basics
import BillingCore
import Stripe

struct InvoiceList: Command {
  static let name = "invoice list"
  static let summary = "List invoices, of one customer or of all"
  static let discussion = """
    The newest first, as Stripe has them; with --local as the mirror has them.
    """
  static let parameters: [Parameter] =
    [.optional("CUSTOMER", "An id (cus_…), an e-mail address, or an id of your own")]
    + Parameter.limits
  static let examples = ["invoice list", "invoice list ada@example.com --json"]

  var reference: CustomerReference?
  var limit: Int?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.optionalCustomer()
    limit = try arguments.listLimit()
  }

  func run(_ context: Context) async throws -> ListReport {
    var customerID: String?
    if let reference { customerID = try await context.directory().customer(reference).id }
    let objects: [JSON]
    var hasMore = false
    if context.settings.readsLocally {
      let found = try context.store().read { transaction in
        try transaction.invoiceIDs(customer: customerID, limit: limit.map { $0 + 1 })
          .compactMap { try transaction.objectJSON($0) }
      }
      let page = ListPage(found, limit: limit)
      (objects, hasMore) = (page.shown, page.hasMore)
    } else {
      var parameters = JSONObject()
      parameters["customer"] = customerID.map(JSON.string)
      (objects, hasMore) = try await context.gateway().list(
        StripePath("invoices"), parameters, limit: limit)
    }
    return ListReport(
      try objects.map { .object(InvoiceView.json(try Invoice($0))) }, hasMore: hasMore,
      keys: InvoiceView.keys, columns: InvoiceView.columns, empty: "no invoices")
  }
}
