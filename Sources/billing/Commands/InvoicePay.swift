import BillingCore

struct InvoicePay: Command {
  static let name = "invoice pay"
  static let summary = "Pay an open invoice now"
  static let discussion = """
    Charges the payment method that the subscription or the customer has by default; a decline is
    exit 6 and leaves the invoice open. With --out-of-band nothing is charged: the invoice is noted
    as paid elsewhere (a bank transfer, cash). One that was written off (uncollectible) can still be
    paid.
    """
  static let parameters: [Parameter] = [
    .invoice, .flag("--out-of-band", "It was paid elsewhere: charge nothing"),
  ]
  static let examples = [
    "invoice pay in_1MtHbELkdIwHu7ixl4OzzPMv",
    "invoice pay in_1MtHbELkdIwHu7ixl4OzzPMv --out-of-band",
  ]

  var id: String
  var isOutOfBand: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    id = try arguments.positional("ID")
    isOutOfBand = arguments.flag("--out-of-band")
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite(isOutOfBand ? "note \(id) as paid elsewhere" : "pay \(id)")
    return try await InvoiceChange(id: id).run(
      context,
      meaning: {
        InvoicePlanning.payment(of: id, isOutOfBand: isOutOfBand, customerID: $0)
      },
      planning: { try InvoicePlanning.pay($0, isOutOfBand: isOutOfBand, intent: $1) })
  }
}
