import BillingCore

struct TokensAudit: Command {
  static let name = "tokens audit"
  static let summary = "Prove that every balance is the sum of its entries"
  static let discussion = """
    Adds the whole ledger up again: for every customer the balance and the sum of each kind, the
    balance after each entry, what is left of the credits, and what payments have bought. Changes
    nothing. Exit 10 on a difference, and where a payment is not credited because nobody knows how
    many tokens its package has. billing doctor looks too. Operators are told of a difference where
    plans.yaml has notifications.
    """
  static let examples = ["tokens audit", "tokens audit --json"]

  init(parsing arguments: inout Arguments) throws(UsageError) {}

  func run(_ context: Context) async throws -> TokenAuditReport {
    let audit = try context.store().read { try $0.tokenAudit() }
    context.alertOperators(of: audit)
    return TokenAuditReport(audit: audit)
  }
}
