import BillingCore

struct TokensGrant: Command {
  static let name = "tokens grant"
  static let summary = "Give a customer tokens without a payment"
  static let discussion = """
    Adds tokens to the customer's balance at once: goodwill, a promotion, a correction. The reference
    is your own name for the grant (a ticket, an order): run again with the same reference and the
    same words, it prints the first entry and grants nothing more; with other words it is a conflict
    (exit 5). What is granted does not lapse. Stripe is not told, and no key is needed.
    """
  static let parameters: [Parameter] = [
    .customer, .required("N", "How many tokens"), .tokenReference,
    .option("--note", "T", "Why, for those who look later"),
  ]
  static let examples = [
    "tokens grant ada@example.com 50000 --reference ticket-4711 --note 'slow answers on Monday'"
  ]

  var change: TokenChange

  init(parsing arguments: inout Arguments) throws(UsageError) {
    let note = try arguments.note()
    change = try TokenChange(.granted, parsing: &arguments, note: note)
  }

  func run(_ context: Context) async throws -> ChangeReport {
    let (name, tokens) = (change.customer.text, TokenView.words(change.amount))
    try context.requireOwnWrite("grant \(tokens) to \(name)")
    return try await change.run(context) { entry in
      "\(name) was granted \(tokens) and has \(TokenView.words(entry.balanceAfter)) now."
    }
  }
}
