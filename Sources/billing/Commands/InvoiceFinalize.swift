import BillingCore

struct InvoiceFinalize: Command {
  static let name = "invoice finalize"
  static let summary = "Issue an invoice that is still a draft"
  static let discussion = """
    It gets its number and its page, and can no longer change; what the customer's balance covers is
    taken from it. Nothing is charged by that: billing invoice pay does. Stripe issues and charges
    ordinary drafts by itself within an hour; those that were kept while collection was paused (billing
    pause --behavior keep_as_draft) wait for this.
    """
  static let parameters: [Parameter] = [.invoice]
  static let examples = ["invoice finalize in_1MtHbELkdIwHu7ixl4OzzPMv"]

  var id: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    id = try arguments.positional("ID")
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite("finalize \(id)")
    return try await InvoiceChange(id: id).run(
      context, meaning: { InvoicePlanning.finalizing(of: id, customerID: $0) },
      planning: { try InvoicePlanning.finalize($0, intent: $1) })
  }
}
