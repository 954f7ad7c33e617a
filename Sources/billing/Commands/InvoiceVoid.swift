import BillingCore

struct InvoiceVoid: Command {
  static let name = "invoice void"
  static let summary = "Void an open invoice for good: nothing is owed any more"
  static let discussion = """
    The invoice keeps its number and can never be paid or reopened. Needs a yes.
    """
  static let parameters: [Parameter] = [.invoice]
  static let examples = ["invoice void in_1MtHbELkdIwHu7ixl4OzzPMv --yes"]

  var id: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    id = try arguments.positional("ID")
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite("void \(id) for good", destroys: true)
    return try await InvoiceChange(id: id).run(
      context, meaning: { InvoicePlanning.voiding(of: id, customerID: $0) },
      planning: { try InvoicePlanning.void($0, intent: $1) })
  }
}
