import Basics
import BillingCore
import Stripe

struct Checkout: Command {
  static let name = "checkout"
  static let summary = "Make a page on which a customer buys a plan or tokens"
  static let discussion = """
    Prints the address of a page of Stripe's on which the customer pays: for a plan, with its trial
    where it is the customer's first, or with --tokens for a package of plans.yaml. The page lives
    for a day. Run again for the same, it returns the page that is still open; a page for another
    plan replaces it, so that nobody buys two. With a running subscription it is a conflict (exit 5).

    The customer returns to --success-url and --cancel-url, else to urls in plans.yaml, else to
    FRONTEND_URL; Stripe puts the session's id in for {CHECKOUT_SESSION_ID}. Promotion codes are
    taken on the page, unless --coupon or --promotion-code gives a reduction already. Your own id of
    the customer, else Stripe's, comes back to you as the client reference.

    --wait waits until the customer has paid (exit 0) or the page has expired (exit 5).
    """
  static let parameters: [Parameter] = [
    .customer,
    .optional("PLAN", "A plan of plans.yaml"),
    .option("--tokens", "PACKAGE", "A package of tokens of plans.yaml, instead of a plan"),
    .option(
      "--interval", "I", "How often it is billed (default month)",
      choices: ["month", "quarter", "year"]),
    .option("--quantity", "N", "How many seats or packages (default 1)"),
    .option("--trial-days", "N", "Days of trial, 0 for none (default: the plan's)"),
    .option("--coupon", "C", "A coupon"),
    .option("--promotion-code", "P", "A promotion code, as customers know it"),
    .option("--success-url", "U", "Where the customer goes after paying"),
    .option("--cancel-url", "U", "Where the customer goes without"),
    .option("--client-reference", "R", "Your own name for the sale"),
    .flag("--wait", "Wait until the customer has paid"),
  ]
  static let examples = [
    "checkout ada@example.com starter",
    "checkout ada@example.com professional --interval year --success-url https://example.com/thanks",
    "checkout ada@example.com --tokens booster --wait",
  ]

  var reference: CustomerReference
  var planID: String?
  var packageID: String?
  var interval: BillingInterval?
  var quantity: Int64?
  var trialDays: Int?
  var couponID: String?
  var promotionCode: String?
  var successURL: String?
  var cancelURL: String?
  var clientReference: String?
  var waits: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    planID = arguments.optionalPositional("PLAN")
    packageID = try arguments.option("--tokens")
    interval = try arguments.option("--interval").flatMap { BillingInterval(parsing: $0) }
    quantity = try arguments.integer("--quantity", in: 1...999_999)
    trialDays = try arguments.integer("--trial-days", in: 0...730).map { Int($0) }
    couponID = try arguments.option("--coupon")
    promotionCode = try arguments.option("--promotion-code")
    successURL = try arguments.address("--success-url")
    cancelURL = try arguments.address("--cancel-url")
    clientReference = try arguments.option("--client-reference")
    waits = arguments.flag("--wait")
    guard (planID == nil) != (packageID == nil) else {
      throw arguments.error(
        planID == nil ? "PLAN is missing, or --tokens" : "PLAN and --tokens exclude each other")
    }
    if packageID != nil, interval != nil || trialDays != nil {
      throw arguments.error("--interval and --trial-days belong to plans, not to --tokens")
    }
    guard couponID == nil || promotionCode == nil else {
      throw arguments.error("--coupon and --promotion-code exclude each other")
    }
    if let clientReference, !(1...Self.maximumReference).contains(clientReference.count) {
      throw arguments.error("--client-reference has 1 to \(Self.maximumReference) characters")
    }
  }

  /// Stripe's limit.
  static let maximumReference = 200

  func run(_ context: Context) async throws -> ChangeReport {
    let catalogue = try context.catalogue()
    let goods = try goods(catalogue)
    let addresses = try context.checkoutAddresses(
      success: successURL, cancel: cancelURL, catalogue)
    try context.requireWrite("make a checkout page for \(reference.text)")
    try context.store().requireSale(of: packageID == nil ? .subscriptions : .tokens)
    let customer = try await context.directory().customer(reference)
    let intent = intent(customer, goods, addresses)
    let earlier = try await context.settleEarlier(intent)
    if let done = earlier.result {
      let session = try await session(done.objectID ?? "", context)
      return .changed(try await shown(session, isNew: false, catalogue, context))
    }
    let pages = try await context.openPages(of: customer.id)
    let subscriptions = try await context.subscriptions(of: customer.id)
    let offer = try await offer(
      goods, addresses, to: customer, having: subscriptions, intent.words, catalogue, context)
    let decision = try CheckoutPlanning.checkout(
      offer, for: customer.id, subscriptions: subscriptions,
      openPages: pages, intent: intent)
    switch decision {
    case .alreadyOpen(let session):
      if context.settings.isDryRun {
        return .planned(DryRunReport(OperationPlan(intent, steps: [])))
      }
      return .changed(try await shown(session, isNew: false, catalogue, context))
    case .make(var plan):
      if successURL == nil { context.noteAssumedAddress(addresses.success) }
      plan.journalPosition = earlier.journalPosition
      if context.settings.isDryRun { return .planned(DryRunReport(plan)) }
      let session = try await made(plan, context)
      return .changed(try await shown(session, isNew: true, catalogue, context))
    }
  }

  // MARK: Pages

  private func made(_ plan: OperationPlan, _ context: Context) async throws -> CheckoutSession {
    do {
      let outcome = try await context.carryOut(plan)
      if let answer = outcome.answers.last ?? nil { return try CheckoutSession(answer) }
      return try await session(outcome.operation.objectID ?? "", context)
    } catch OperationError.failed(_, .refused(let refusal)) where refusal.isMissing {
      throw CommandError.notFound(refusal.message)
    } catch OperationError.failed(let id, .refused(let refusal)) {
      var error = StripeError.refused(refusal).explanation
      if try endedAtExpiry(id, context) {
        error.hint = "the customer's earlier page was paid or expired meanwhile; run it again"
      }
      throw error
    }
  }

  /// Whether it was the end of an earlier page that Stripe refused.
  private func endedAtExpiry(_ operationID: String, _ context: Context) throws -> Bool {
    let operation = try context.store().read { try $0.operation(operationID) }
    guard let operation, operation.steps.indices.contains(operation.nextStep) else { return false }
    return CheckoutPlanning.isExpiry(operation.steps[operation.nextStep])
  }

  private func session(_ id: String, _ context: Context) async throws -> CheckoutSession {
    try CheckoutSession(await context.gateway().read(Self.path(of: id)))
  }

  static func path(of id: String) -> StripePath { StripePath("checkout", "sessions", id) }

  /// The page, or what became of it where it is waited for.
  private func shown(
    _ session: CheckoutSession, isNew: Bool, _ catalogue: Catalogue, _ context: Context
  ) async throws -> ObjectReport {
    var session = session
    if waits { session = try await CheckoutWait(context: context).end(of: session) }
    let until = session.expiresAt.map { " until " + Cell(time: JSON($0)).text } ?? ""
    let closing =
      switch session.status {
      case "complete": "\(reference.text) has paid."
      case "open":
        isNew
          ? "\(reference.text) can pay there\(until)."
          : "This page is already open; \(reference.text) can pay there\(until)."
      default: "This page has expired; billing checkout makes another."
      }
    let hasFailed = waits && session.status != "complete"
    return PageView.checkout(
      session, catalogue, closing: closing,
      outcome: hasFailed
        ? .failed(
          .conflict(
            "invalid_state", "\(session.id) expired, and \(reference.text) has not paid",
            hint: "billing checkout makes another page")) : .done)
  }
}
