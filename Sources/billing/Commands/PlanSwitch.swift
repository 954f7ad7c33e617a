import Basics
import BillingCore
import Stripe

/// What `upgrade` and `downgrade` share: the options, and the way from there to a change that is
/// previewed, planned or carried out.
struct PlanSwitch: Sendable, Hashable {
  let reference: CustomerReference
  let request: PlanChangeRequest
  let isPreview: Bool

  static let parameters: [Parameter] = [
    .customer,
    .required("PLAN", "A plan of plans.yaml"),
    .option(
      "--interval", "I", "How often it is billed (default: as now)",
      choices: ["month", "quarter", "year"]),
    .option("--quantity", "N", "How many, for plans by the seat (default: as now)"),
    .option(
      "--prorate", "P", "At once, and how the difference is billed",
      choices: ["always_invoice", "create_prorations", "none"]),
    .option(
      "--payment-behavior", "B", "What an unpaid invoice of a change at once means",
      choices: ["error_if_incomplete", "default_incomplete", "allow_incomplete"]),
    .flag("--at-period-end", "When the period that is paid for is over"),
    .flag("--preview", "Show what it costs, and change nothing"),
  ]

  init(
    _ direction: PlanChangeRequest.Direction, parsing arguments: inout Arguments
  ) throws(UsageError) {
    reference = try arguments.customer()
    request = PlanChangeRequest(
      direction, to: try arguments.positional("PLAN"),
      interval: try arguments.option("--interval").flatMap { BillingInterval(parsing: $0) },
      quantity: try arguments.integer("--quantity", in: 1...1_000_000),
      proration: try arguments.option("--prorate"),
      paymentBehavior: try arguments.option("--payment-behavior"),
      asksForPeriodEnd: arguments.flag("--at-period-end"))
    isPreview = arguments.flag("--preview")
    if request.asksForPeriodEnd, request.proration != nil {
      throw arguments.error("--at-period-end and --prorate exclude each other")
    }
    if request.waits, request.paymentBehavior != nil {
      throw arguments.error(
        "--payment-behavior is for a change at once\(Self.howAtOnce(direction))")
    }
  }

  private static func howAtOnce(_ direction: PlanChangeRequest.Direction) -> String {
    direction == .downgrade ? ", which --prorate asks for" : ""
  }

  func run(_ context: Context) async throws -> ChangeReport {
    let catalogue = try context.catalogue()
    let plan = try catalogue.requirePlan(request.planID)
    try requireSense(plan, catalogue)
    let action = "\(request.direction.rawValue) \(reference.text) to \(plan.id)"
    if isPreview { try context.requireStripe() } else { try context.requireWrite(action) }
    if request.direction == .upgrade, !isPreview {
      try context.store().requireSale(of: .subscriptions)
    }
    let customer = try await context.directory().customer(reference)
    let intent = request.intent(ofCustomer: customer.id)
    let earlier =
      isPreview
      ? .init(result: nil, journalPosition: nil) : try await context.settleEarlier(intent)
    if let done = earlier.result { return try await changed(done, context) }
    guard
      let subscription = SubscriptionPlanning.current(
        try await context.subscriptions(of: customer.id))
    else { throw SubscriptionConflict.noSubscription(customerID: customer.id) }
    let now = try await context.now(of: subscription)
    let change = try await change(subscription, of: customer, to: plan, at: now, context)
    var operationPlan = try change.operationPlan()
    operationPlan.journalPosition = earlier.journalPosition
    let use = try await closingUse(of: change, context)
    guard isPreview || context.settings.isDryRun else {
      try await use?.report()
      return try await changed(try await carriedOut(operationPlan, context), context)
    }
    let reports = try await use?.planned() ?? []
    let gateway = try await context.gateway()
    let preview = try await gateway.preview(change, at: now)
    let meters = try await gateway.meters(
      ofPrices: preview.lines.compactMap { $0.priceID }, in: catalogue)
    let shown = PreviewReport(preview: preview.naming(meters))
    if isPreview {
      try PreviewMemory(store: context.store()).remember(change, at: now)
      return .previewed(shown)
    }
    var report = DryRunReport(reports + operationPlan.requests)
    report.previewed = shown
    return .planned(report)
  }

  /// What is reported before, since the change bills it.
  private func closingUse(
    of change: PlanChange, _ context: Context
  ) async throws -> ClosingUse? {
    guard change.billsUse else { return nil }
    return try await ClosingUse(
      of: change.subscription, instead: "--at-period-end changes it at the period's end", context)
  }

  private func carriedOut(
    _ plan: OperationPlan, _ context: Context
  ) async throws -> BillingOperation {
    do {
      return try await context.carryOut(plan).operation
    } catch OperationError.failed(_, .refused(let refusal))
      where FirstPayment.isToBeConfirmed(refusal)
    {
      var error = StripeError.refused(refusal).explanation
      error.hint =
        "--payment-behavior default_incomplete changes the plan and gives a page where the "
        + "customer confirms the payment; billing portal lets the customer do it"
      throw error
    }
  }

  /// The default plan has no price, so there is nothing to choose of it.
  private func requireSense(_ plan: Plan, _ catalogue: Catalogue) throws(CommandError) {
    guard plan.id == catalogue.defaultPlanID else { return }
    guard request.interval == nil, request.quantity == nil else {
      throw .usage("\(plan.id) has no price, so --interval and --quantity do not go with it")
    }
  }

  /// The change with all that Stripe has to say to it.
  private func change(
    _ subscription: Subscription, of customer: CustomerRow, to plan: Plan, at now: Timestamp,
    _ context: Context
  ) async throws -> PlanChange {
    let catalogue = try context.catalogue()
    var change = try PlanChange(request, of: subscription, to: plan, in: catalogue)
    let gateway = try await context.gateway()
    if plan.id != catalogue.defaultPlanID, !change.keepsPrice {
      let price = try catalogue.requirePrice(
        of: plan, request.interval ?? change.currentInterval)
      change.target = try await SubscriptionOffers(gateway: gateway, catalogue: catalogue)
        .target(plan, price)
    }
    guard !request.waits else { return change }
    change.expansions = gateway.client.configuration.firstPaymentExpansions
    if change.prorationBehavior != "none", subscription.status != .trialing {
      // Of a change that nobody looked at before, Stripe's own clock decides.
      let moment =
        isPreview || context.settings.isDryRun
        ? now
        : try PreviewMemory(store: context.store()).moment(of: change, now: now)
      change.prorationDate = moment.map { change.withinPeriod($0) }
    }
    let method = subscription.defaultPaymentMethodID ?? customer.defaultPaymentMethodID
    change.paymentBehavior =
      request.paymentBehavior
      ?? (method == nil ? "default_incomplete" : "error_if_incomplete")
    return change
  }
}

// MARK: What is shown

extension PlanSwitch {
  /// The subscription, and what completes the payment of the change where that is open.
  private func changed(
    _ operation: BillingOperation, _ context: Context
  ) async throws -> ChangeReport {
    let gateway = try await context.gateway()
    let id = try await context.subscriptionID(changedBy: operation)
    let expansions =
      gateway.client.configuration.firstPaymentExpansions + ["schedule"]
    let subscription = try await gateway.subscription(
      try await gateway.read(
        StripePath("subscriptions", id), ["expand": .array(expansions.map(JSON.string))]))
    var object = SubscriptionView.json(subscription, try context.catalogue())
    var outcome = Outcome.done
    if subscription.status == .pastDue {
      object["client_secret"] = JSON(subscription.clientSecret)
      object["hosted_invoice_url"] = JSON(subscription.hostedInvoiceURL)
      if request.paymentBehavior == "allow_incomplete" {
        outcome = .failed(try await FirstPayment.failure(of: subscription, gateway))
      }
    }
    return .changed(
      SubscriptionView.report(
        object, closing: SubscriptionWords.of(object, customer: reference.text), outcome: outcome))
  }
}
