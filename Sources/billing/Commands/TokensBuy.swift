import Basics
import BillingCore
import Stripe

struct TokensBuy: Command {
  static let name = "tokens buy"
  static let summary = "Sell a customer a package of tokens"
  static let discussion = """
    Makes a page on which the customer pays, as billing checkout --tokens does; run again, it returns
    the page that is still open. With --payment-method it charges that at once, while the customer is
    not there: a decline is exit 6 and leaves all as it was, and each run buys once more, so give a
    script's runs an --idempotency-key.

    The tokens are credited when Stripe says that the payment succeeded, once, however often it says
    so, and taken back, as far as they are left, when it is refunded.
    """
  static let parameters: [Parameter] = [
    .customer, .required("PACKAGE", "A package of plans.yaml"),
    .option("--payment-method", "PM", "Charge this payment method now, without a page"),
  ]
  static let examples = [
    "tokens buy ada@example.com booster",
    "tokens buy ada@example.com booster --payment-method pm_card_visa --idempotency-key order-17",
  ]

  var reference: CustomerReference
  var packageID: String
  var paymentMethod: String?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    packageID = try arguments.positional("PACKAGE")
    paymentMethod = try arguments.option("--payment-method")
  }

  func run(_ context: Context) async throws -> ChangeReport {
    guard let paymentMethod else {
      return try await Checkout(ofPackage: packageID, for: reference).run(context)
    }
    let package = try context.catalogue().requirePackage(packageID)
    let price = MoneyText.of(package.unitAmount, package.currency)
    try context.requireWrite("charge \(reference.text) \(price) for \(package.id)")
    try context.store().requireSale(of: .tokens)
    let customer = try await context.directory().customer(reference)
    var plan = TokenPlanning.purchase(of: package, for: customer.id, paidWith: paymentMethod)
    let earlier = try await context.settleEarlier(plan.intent)
    if let done = earlier.result {
      tellOfEarlier(done, context)
      return .changed(try await report(done, package, context))
    }
    plan.journalPosition = earlier.journalPosition
    if context.settings.isDryRun { return .planned(DryRunReport(plan)) }
    do {
      let outcome = try await context.carryOut(plan)
      if outcome.wasDoneBefore { tellOfEarlier(outcome.operation, context) }
      return .changed(try await report(outcome.operation, package, context))
    } catch OperationError.failed(_, .refused(let refusal)) {
      throw explanation(of: refusal)
    }
  }

  /// The entry that the payment brought, or that it is still on its way.
  private func report(
    _ operation: BillingOperation, _ package: TokenPackage, _ context: Context
  ) async throws -> ObjectReport {
    let paymentID = operation.objectID ?? ""
    let store = try context.store()
    if let entry = try store.read({ try $0.tokenEntry(ofPayment: paymentID) }) {
      return TokenView.report(
        TokenView.json(entry),
        closing: "\(reference.text) bought \(TokenView.words(entry.amount)) "
          + "and has \(TokenView.words(entry.balanceAfter)) now.")
    }
    let payment = try await context.gateway().read(StripePath("payment_intents", paymentID))
    guard payment["status"] == "processing" else { throw failure(of: payment) }
    return TokenView.report(
      [
        "id": .null, "customer": payment["customer"] ?? .null, "kind": "purchased",
        "amount": .integer(package.tokens), "balance_after": .null,
        "reference": .string(paymentID), "note": .string(package.id), "created": .null,
      ], closing: "The payment is under way; the tokens come when it has succeeded.")
  }

  /// Two equal purchases are one where neither has a key: the user must hear which this is.
  private func tellOfEarlier(_ operation: BillingOperation, _ context: Context) {
    guard context.settings.idempotencyKey == nil else { return }
    context.warn(
      "nothing more was bought: this is the purchase of \(operation.id), which "
        + "\(operation.actor) began at \(operation.created.iso8601)")
  }

  private static let pageHint =
    "leave --payment-method out: billing tokens buy then makes a page where the customer pays"

  private func explanation(of refusal: StripeError.Refusal) -> CommandError {
    if refusal.isMissing { return .notFound(refusal.message) }
    var error = StripeError.refused(refusal).explanation
    if refusal.type == "card_error" || FirstPayment.isToBeConfirmed(refusal) {
      error.hint = Self.pageHint
    }
    return error
  }

  /// Why a payment that is known by reading alone did not succeed.
  private func failure(of payment: JSON) -> CommandError {
    let error = payment["last_payment_error"]
    return CommandError(
      error?["code"]?.string ?? "payment_failed",
      error?["message"]?.string ?? "the payment did not succeed", hint: Self.pageHint,
      exit: .refused)
  }
}
