import BillingCore

struct TokensConsume: Command {
  static let name = "tokens consume"
  static let summary = "Take tokens from a customer's balance, if there are enough"
  static let discussion = """
    Looks at the balance and takes from it in one step, so that no two callers take the same token;
    the oldest credit is used first. Where the balance is too low nothing is taken: exit 3, with the
    balance and the packages that would do on standard output.

    The reference is your own name for what is paid with the tokens (a request, a job): run again
    with the same reference and number, it prints the first entry and takes nothing more; with
    another number it is a conflict (exit 5). A refusal is not kept: the same reference may be tried
    again once there are tokens.
    """
  static let parameters: [Parameter] = [
    .customer, .required("N", "How many tokens"), .tokenReference,
  ]
  static let examples = ["tokens consume ada@example.com 1500 --reference request-815"]

  var change: TokenChange

  init(parsing arguments: inout Arguments) throws(UsageError) {
    change = try TokenChange(.consumed, parsing: &arguments)
  }

  func run(_ context: Context) async throws -> ChangeReport {
    let (name, tokens) = (change.customer.text, TokenView.words(change.amount))
    try context.requireOwnWrite("take \(tokens) from \(name)")
    return try await change.run(context) { entry in
      "\(tokens) taken; \(name) has \(TokenView.words(entry.balanceAfter)) left."
    }
  }
}
