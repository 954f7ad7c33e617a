import Basics
import BillingCore
import Stripe

struct CustomerUpdate: Command {
  static let name = "customer update"
  static let summary = "Change a customer's fields and metadata"
  static let discussion = """
    Changes what is given and leaves the rest. --metadata KEY= (nothing after the equals sign)
    removes a key; an empty --name or --description clears it.
    """
  static let parameters: [Parameter] = [
    .customer,
    .option("--email", "E", "E-mail address"),
    .option("--name", "N", "Name"),
    .option("--external-id", "X", "Your own id, kept in the metadata"),
    .option("--description", "D", "A note"),
    .option("--payment-method", "PM", "An attached payment method to use by default"),
    .option("--metadata", "K=V", "A pair of metadata", repeats: true),
  ]
  static let examples = ["customer update ada@example.com --name 'Ada King' --metadata team=north"]

  var reference: CustomerReference
  var fields: CustomerFields

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    fields = try CustomerFields(parsing: arguments)
    guard fields != CustomerFields() else { throw arguments.error("nothing to change is given") }
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite("change the customer \(reference.text)")
    let customer = try await context.directory().customer(reference)
    try fields.refuseOwnKeys(context.externalIDKeys())
    if let id = fields.externalID,
      let other = try await context.directory().customers(.externalID(id))
        .first(where: { $0.id != customer.id })
    {
      throw CommandError.conflict(
        "already_exists", "\(id) is the id of another customer: \(other.id)",
        hint: "billing customer show \(other.id) tells who that is")
    }
    let plan = CustomerPlanning.update(
      customer.id, fields, externalIDKey: try context.externalIDKey())
    if context.settings.isDryRun { return .planned(DryRunReport(plan)) }
    do {
      let earlier = try await context.settleEarlier(plan.intent)
      if earlier.result == nil { _ = try await context.carryOut(plan) }
    } catch OperationError.failed(_, .refused(let refusal)) where refusal.isMissing {
      throw CommandError.notFound(refusal.message)
    }
    let changed = try await context.directory().customer(.id(customer.id))
    return .changed(try await CustomerShow.report(changed, context))
  }
}
