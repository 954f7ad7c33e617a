import Basics
import BillingCore
import Stripe

struct PaymentMethodList: Command {
  static let name = "payment-method list"
  static let summary = "List a customer's payment methods"
  static let discussion = """
    The newest first, as Stripe has them; with --local as the mirror has them. The default is the
    one that the next bill is charged to: the running subscription's own, else the customer's.

    A payment method has the fields id, customer, type, brand, last4, exp_month, exp_year,
    is_default and created.
    """
  static let parameters: [Parameter] = [.customer] + Parameter.limits
  static let examples = ["payment-method list ada@example.com"]

  var reference: CustomerReference
  var limit: Int?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    limit = try arguments.listLimit()
  }

  func run(_ context: Context) async throws -> ListReport {
    let customer = try await context.directory().customer(reference)
    let owner = try await PaymentMethodChange(context: context).owner(customer)
    let (objects, hasMore) = try await methods(of: customer.id, context)
    return ListReport(
      try objects.map { json in
        let method = try PaymentMethod(json)
        return .object(PaymentMethodView.json(method, isDefault: owner.charged == method.id))
      }, hasMore: hasMore, keys: PaymentMethodView.keys, columns: PaymentMethodView.columns,
      empty: "no payment methods")
  }

  private func methods(
    of customerID: String, _ context: Context
  ) async throws -> (objects: [JSON], hasMore: Bool) {
    guard context.settings.readsLocally else {
      return try await context.gateway().list(
        StripePath("payment_methods"), ["customer": .string(customerID)], limit: limit)
    }
    let found = try context.store().read { transaction in
      try transaction.paymentMethodIDs(
        ofCustomer: customerID, limit: limit.map { $0 + 1 }
      ).compactMap { try transaction.objectJSON($0) }
    }
    let page = ListPage(found, limit: limit)
    return (page.shown, page.hasMore)
  }
}
