import Basics
import BillingCore
import Stripe

/// What `tokens grant` and `tokens consume` are asked for, and the way they both go: find the
/// customer in the mirror, and write one entry.
struct TokenChange {
  let kind: TokenEntry.Kind
  let customer: CustomerReference
  let amount: Int64
  let reference: String
  let note: String?

  /// Reads `CUSTOMER N --reference R`, and the note where the command has one.
  init(
    _ kind: TokenEntry.Kind, parsing arguments: inout Arguments, note: String? = nil
  ) throws(UsageError) {
    self.kind = kind
    self.note = note
    customer = try arguments.customer()
    amount = try arguments.positionalInteger("N", in: 1...TokenRequest.maximumAmount)
    guard let reference = try arguments.option("--reference"), !reference.isEmpty else {
      throw arguments.error(
        "--reference is missing: your own name for this, so that it happens once")
    }
    guard reference.count <= TokenRequest.maximumReference else {
      throw arguments.error(
        "--reference has at most \(TokenRequest.maximumReference) characters")
    }
    self.reference = reference
  }

  /// - Parameter closing: what is said of an entry that is new.
  func run(
    _ context: Context, closing: (TokenEntry) -> String
  ) async throws -> ChangeReport {
    let row = try await context.localDirectory().customer(customer)
    let clock = try context.now()
    let request = TokenRequest(
      customerID: row.id, amount: amount, reference: reference, note: note,
      actor: context.settings.actor, key: context.settings.idempotencyKey?.text)
    do {
      if context.settings.isDryRun { return try planned(request, row, clock, context) }
      let (entry, isNew) = try context.store().write { transaction in
        let earlier = try transaction.tokenEntry(saying: request, as: kind)
        let moment = try transaction.time(of: row, at: clock)
        return (try write(request, at: moment, in: transaction), earlier == nil)
      }
      let words =
        isNew ? closing(entry) : "This was \(entry.kind.rawValue) before; nothing more was."
      return .changed(TokenView.report(TokenView.json(entry), closing: words))
    } catch let shortage as TokenShortage {
      return .changed(
        TokenDecision.report(
          shortage, request, of: customer.text, try context.catalogueForNames()))
    }
  }

  private func write(
    _ request: TokenRequest, at moment: Timestamp, in transaction: Transaction
  ) throws -> TokenEntry {
    kind == .consumed
      ? try transaction.consumeTokens(request, at: moment)
      : try transaction.grantTokens(request, at: moment)
  }

  /// The entry that would be written, checked as it will be.
  private func planned(
    _ request: TokenRequest, _ row: CustomerRow, _ clock: Timestamp, _ context: Context
  ) throws -> ChangeReport {
    let (earlier, balance) = try context.store().read { transaction in
      (
        try transaction.tokenEntry(saying: request, as: kind),
        try transaction.tokenBalance(
          ofCustomer: row.id, at: try transaction.time(of: row, at: clock)
        ).balance
      )
    }
    guard earlier == nil else { return .planned(DryRunReport(changes: [])) }
    let change = kind == .consumed ? -amount : amount
    if balance + change < 0 {
      throw TokenShortage(customerID: row.id, asked: amount, balance: balance)
    }
    return .planned(
      DryRunReport(changes: [
        [
          "object": "token_entry", "customer": .string(row.id), "kind": .string(kind.rawValue),
          "amount": .integer(change), "balance_after": .integer(balance + change),
          "reference": .string(reference), "note": JSON(note),
        ]
      ]))
  }
}

extension Parameter {
  static let tokenReference = option(
    "--reference", "R", "Your own name for this; has to be given, and makes it happen once")
}
