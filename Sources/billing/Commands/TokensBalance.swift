import BillingCore

struct TokensBalance: Command {
  static let name = "tokens balance"
  static let summary = "Show how many tokens a customer has"
  static let discussion = """
    The balance now, and what was bought, granted, consumed, taken back by refunds and has lapsed in
    all. Reads the state database; tokens of a page that was just paid are there once Stripe has told
    so.
    """
  static let parameters: [Parameter] = [.customer]
  static let examples = ["tokens balance ada@example.com", "tokens balance user-17 --json"]

  var reference: CustomerReference

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
  }

  func run(_ context: Context) async throws -> ObjectReport {
    let id = try await context.mirroredCustomerID(reference)
    let clock = try context.now()
    return TokenView.report(
      try context.store().read {
        try $0.tokenBalance(ofCustomer: id, at: $0.time(ofCustomer: id, at: clock))
      })
  }
}
