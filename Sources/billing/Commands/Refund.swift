import Basics
import BillingCore
import Stripe

struct Refund: Command {
  static let name = "refund"
  static let summary = "Give back what an invoice or tokens were paid with, all or a part of it"
  static let discussion = """
    Goes back to the card that paid. Without --amount all that is left; with it, each run gives back
    that much more, so give a script's runs an --idempotency-key. What plans.yaml says under refunds
    (days after payment, amount for an invoice) is kept, unless --override. With --cancel the
    invoice's subscription ends at once. Needs a yes.

    Run twice at the same time without a key, or again after an unknown outcome (exit 11), it gives
    back once and says so. Where all is given back, credit that the customer has besides is told.

    Tokens are named by their payment (pi_…) or by the number of their entry, as billing tokens
    history shows them. Of the tokens that part is taken back, as far as they are left; the rest is
    kept as missed.

    A refund has the fields id, invoice, customer, amount, currency, status, reason and created; one
    of tokens has besides payment, tokens_taken_back and tokens_missed, of all refunds of it.
    """
  static let parameters: [Parameter] = [
    .required("INVOICE", "The invoice's id (in_…); of tokens the payment's, or the entry's"),
    .option("--amount", "N", "How much, in the currency's minor unit (default: all that is left)"),
    .option(
      "--reason", "R", "Why, as Stripe counts it",
      choices: ["duplicate", "fraudulent", "requested_by_customer"]),
    .flag("--cancel", "End the invoice's subscription at once"),
    .flag("--override", "Go beyond what plans.yaml allows"),
  ]
  static let examples = [
    "refund in_1MtHbELkdIwHu7ixl4OzzPMv --yes",
    "refund in_1MtHbELkdIwHu7ixl4OzzPMv --amount 500 --reason requested_by_customer --yes",
    "refund in_1MtHbELkdIwHu7ixl4OzzPMv --cancel --dry-run",
    "refund pi_3MtwBwLkdIwHu7ix28a3tqPa --yes",
  ]

  var id: String
  var request: RefundRequest

  init(parsing arguments: inout Arguments) throws(UsageError) {
    id = try arguments.positional("INVOICE")
    request = RefundRequest(
      amount: try arguments.amount("--amount", in: 1...99_999_999),
      reason: try arguments.option("--reason"), cancels: arguments.flag("--cancel"),
      overrides: arguments.flag("--override"))
  }

  func run(_ context: Context) async throws -> ChangeReport {
    if TokenRefund.isMeant(by: id) {
      return try await TokenRefund(name: id, request: request).run(context)
    }
    let found = try await invoice(context)
    try context.requireWrite(sentence(found), destroys: true)
    let earlier = try await context.settleEarlier(request.intent(of: Refundable(found)))
    if let done = earlier.result {
      Self.tellOfEarlier(done, context)
      return try await report(done, found, context)
    }
    let invoice = try await invoice(context)
    var plan = try await plan(invoice, context)
    plan.journalPosition = earlier.journalPosition
    if request.amount == nil { try await tellOfCredit(besides: invoice, context) }
    if context.settings.isDryRun { return .planned(DryRunReport(plan)) }
    let outcome = try await carriedOut(plan, of: invoice, context)
    if outcome.wasDoneBefore { Self.tellOfEarlier(outcome.operation, context) }
    return try await report(outcome.operation, invoice, context)
  }

  private func invoice(_ context: Context) async throws -> Invoice {
    guard let json = try await context.invoiceJSON(id) else { throw CommandError.noInvoice(id) }
    return try Invoice(json)
  }

  private func sentence(_ invoice: Invoice) -> String {
    let amount =
      request.amount.map { MoneyText.of($0, invoice.currency) }
      ?? "all that is left of \(MoneyText.of(invoice.amountPaid, invoice.currency))"
    let ending = request.cancels ? " and end its subscription at once" : ""
    return "give back \(amount) paid for \(invoice.number ?? id)\(ending)"
  }

  private func plan(_ invoice: Invoice, _ context: Context) async throws -> OperationPlan {
    let gateway = try await context.gateway()
    var subscription: Subscription?
    if request.cancels, let id = invoice.subscriptionID {
      subscription = try Subscription(await gateway.read(StripePath("subscriptions", id)))
    }
    return try RefundPlanning.refund(
      request, of: invoice, paidBy: await gateway.payments(of: invoice), ending: subscription,
      within: context.refundRules(request, currency: invoice.currency))
  }

  /// A subscription that could not be ended after the money went back is no mere refusal.
  private func carriedOut(
    _ plan: OperationPlan, of invoice: Invoice, _ context: Context
  ) async throws -> OperationRunner.Outcome {
    do {
      return try await context.carryOut(plan)
    } catch OperationError.failed(let id, let error) {
      guard let refund = try context.store().read({ try $0.operation(id) })?.results.first else {
        throw OperationError.failed(operationID: id, error)
      }
      let amount = plan.steps[0].parameters["amount"]?.integer ?? 0
      var words = error.explanation
      words.message = """
        \(MoneyText.of(amount, invoice.currency)) was given back (\(refund)), but the subscription \
        was not ended: \(words.message)
        """
      words.hint = "billing cancel \(invoice.customerID ?? "CUSTOMER") --now ends it"
      throw words
    }
  }

  /// Two equal refunds are one where neither has a key: the user must hear which this is.
  static func tellOfEarlier(_ operation: BillingOperation, _ context: Context) {
    guard context.settings.idempotencyKey == nil else { return }
    context.warn(
      "nothing more was given back: this is the refund of \(operation.id), which "
        + "\(operation.actor) began at \(operation.created.iso8601)")
  }

  /// What was credited may have been for this invoice, and would go back a second time.
  private func tellOfCredit(besides invoice: Invoice, _ context: Context) async throws {
    if invoice.creditedAmount > 0 {
      context.warn(
        "credit notes gave back \(MoneyText.of(invoice.creditedAmount, invoice.currency)) of "
          + "\(invoice.number ?? id) already")
    }
    guard let customerID = invoice.customerID,
      let customer = try await context.gateway().readIfKnown(StripePath("customers", customerID)),
      let balance = customer["balance"]?.integer, balance < 0
    else { return }
    let credit = MoneyText.of(
      -balance, customer["currency"]?.string ?? invoice.currency)
    context.warn(
      "\(customerID) has \(credit) of credit besides, which the next bills use up; what of it is "
        + "for \(invoice.number ?? id) goes back twice")
  }

  private func report(
    _ operation: BillingOperation, _ invoice: Invoice, _ context: Context
  ) async throws -> ChangeReport {
    let json = try await context.gateway().read(
      StripePath("refunds", operation.results.first ?? ""))
    let object = RefundView.json(try Stripe.Refund(json), of: invoice)
    let hasEnded = operation.steps.count > 1 ? " Its subscription has ended." : ""
    return .changed(
      RefundView.report(object, closing: RefundView.sentence(object, invoice) + hasEnded))
  }
}

extension Context {
  /// How far a refund may go. Without the catalogue nobody knows.
  func refundRules(
    _ request: RefundRequest, currency: String
  ) throws -> RefundPlanning.Rules {
    let catalogue = request.overrides ? try catalogueIfAny() : try catalogue()
    return RefundPlanning.Rules(
      policy: catalogue?.refunds ?? RefundPolicy(), currency: catalogue?.currency ?? currency,
      now: try now())
  }
}
