import Basics
import BillingCore
import Stripe

struct Subscribe: Command {
  static let name = "subscribe"
  static let summary = "Subscribe a customer to a plan"
  static let discussion = """
    With a payment method at hand (--payment-method, or the customer's default) the first payment
    is taken at once and a decline (exit 6) leaves the customer as before, but for a new card, which
    stays attached, since Stripe takes no card back that was detached; without one the subscription
    waits, incomplete, for a payment at the address that is shown.

    A plan's trial applies to a customer's first subscription; --trial-days 0 does without it. A
    subscription whose first payment is still open is cancelled first, and the customer's open
    checkout pages for a plan expire, so that nobody pays twice; a running one is a conflict (exit
    5). A trial that ends without a payment method bills nobody: the subscription stands
    still until billing resume.

    --amount sells the plan at a price that was agreed on, also a plan that has no list price or is
    not available; --invited sells one that is not available at its list price.

    With --api-key the customer gets an API key, as with billing apikey create: it is shown once, in
    JSON as api_key.
    """
  static let parameters: [Parameter] = [
    .customer,
    .required("PLAN", "A plan of plans.yaml"),
    .option(
      "--interval", "I", "How often it is billed (default month)",
      choices: ["month", "quarter", "year"]),
    .option("--trial-days", "N", "Days of trial, 0 for none (default: the plan's)"),
    .option("--quantity", "N", "How many, for plans by the seat"),
    .option("--coupon", "C", "A coupon"),
    .option("--promotion-code", "P", "A promotion code, as customers know it"),
    .option("--payment-method", "PM", "A payment method to attach and charge"),
    .option(
      "--payment-behavior", "B", "What an unpaid first invoice means",
      choices: ["error_if_incomplete", "default_incomplete", "allow_incomplete"]),
    .option("--amount", "N", "A price agreed on, in the minor unit (1900 for 19.00)"),
    .flag("--invited", "Sell a plan by invitation (available: false)"),
    .flag("--create", "Make the customer of this e-mail address where there is none"),
    .flag("--api-key", "Issue an API key with it, which is shown once"),
  ]
  static let examples = [
    "subscribe ada@example.com starter --payment-method pm_card_visa",
    "subscribe ada@example.com professional --interval year --promotion-code LAUNCH20",
    "subscribe ada@example.com enterprise --amount 250000 --interval year",
    "subscribe new@example.com starter --create --dry-run",
    "subscribe ada@example.com starter --api-key --json",
  ]

  var reference: CustomerReference
  var planID: String
  var interval: BillingInterval?
  var trialDays: Int?
  var quantity: Int64?
  var couponID: String?
  var promotionCode: String?
  var paymentMethod: String?
  var paymentBehavior: String?
  var amount: Int64?
  var isInvited: Bool
  var createsCustomer: Bool
  var issuesKey: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    planID = try arguments.positional("PLAN")
    interval = try arguments.option("--interval").flatMap { BillingInterval(parsing: $0) }
    trialDays = try arguments.integer("--trial-days", in: 0...730).map { Int($0) }
    quantity = try arguments.integer("--quantity", in: 1...1_000_000)
    couponID = try arguments.option("--coupon")
    promotionCode = try arguments.option("--promotion-code")
    paymentMethod = try arguments.paymentMethod()
    paymentBehavior = try arguments.option("--payment-behavior")
    amount = try arguments.amount("--amount")
    isInvited = arguments.flag("--invited")
    createsCustomer = arguments.flag("--create")
    issuesKey = arguments.flag("--api-key")
    guard couponID == nil || promotionCode == nil else {
      throw arguments.error("--coupon and --promotion-code exclude each other")
    }
    if createsCustomer, case .email = reference {
    } else if createsCustomer {
      throw arguments.error("--create needs an e-mail address as CUSTOMER")
    }
  }

  func run(_ context: Context) async throws -> ChangeReport {
    let catalogue = try context.catalogue()
    let plan = try catalogue.requirePlan(planID)
    let price =
      try amount.map { (amount) throws(CommandError) in
        try catalogue.requireAgreedPrice(of: plan, amount, interval)
      } ?? catalogue.requirePrice(of: plan, interval, isInvited: isInvited)
    try context.requireWrite("subscribe \(reference.text) to \(plan.id)")
    try context.store().requireSale(of: .subscriptions)
    let intent = try await intent(context, plan, price)
    let earlier = try await context.settleEarlier(intent)
    if let done = earlier.result {
      return .changed(try await report(done, answer: nil, context))
    }
    let gateway = try await context.gateway()
    let (subscriber, customer) = try await subscriber(context, catalogue)
    let offer = try await SubscriptionOffers(gateway: gateway, catalogue: catalogue)
      .offer(request(plan, price, subscriber), to: customer)
    if offer.trialDays != nil, plan.trialRequiresPaymentMethod, paymentMethod == nil,
      customer?.defaultPaymentMethodID == nil
    {
      throw SubscriptionOffers.Missing.paymentMethodForTrial(planID: plan.id)
    }
    var operationPlan = try SubscriptionPlanning.subscribe(
      subscriber, to: offer, expanding: gateway.client.configuration.firstPaymentExpansions,
      intent: intent)
    operationPlan.journalPosition = earlier.journalPosition
    if context.settings.isDryRun {
      return .planned(SubscriptionKey.plan(operationPlan, issuesKey: issuesKey))
    }
    do {
      let outcome = try await context.carryOut(operationPlan)
      return .changed(
        try await report(outcome.operation, answer: outcome.answers.last ?? nil, context))
    } catch OperationError.failed(_, .refused(let refusal)) {
      throw FirstPayment.explanation(of: refusal)
    }
  }

  /// What this run means. A customer that it may make is named by the address, since the first run
  /// does not find it and the next one does.
  private func intent(
    _ context: Context, _ plan: Plan, _ price: PlanPrice
  ) async throws -> OperationIntent {
    var customer: CustomerRow?
    do {
      customer = try await context.directory().customer(reference)
    } catch CustomerError.notFound where createsCustomer {}
    var words: JSONObject = [
      "customer": .string(createsCustomer ? reference.text : customer?.id ?? reference.text),
      "plan": .string(plan.id), "price": .string(price.id ?? price.lookupKey),
    ]
    if let amount {
      words["price"] = [
        "amount": .integer(amount), "currency": .string(price.currency),
        "interval": .string(price.interval.name),
      ]
    }
    words["quantity"] = quantity.map(JSON.integer)
    words["trial_days"] = trialDays.map { .integer(Int64($0)) }
    words["coupon"] = couponID.map(JSON.string)
    words["promotion_code"] = promotionCode.map(JSON.string)
    words["payment_behavior"] = paymentBehavior.map(JSON.string)
    words["payment_method"] = paymentMethod.map(JSON.string)
    if issuesKey { words["api_key"] = true }
    return OperationIntent(
      command: Self.name, customerID: customer?.id,
      email: customer?.email ?? (createsCustomer ? reference.text : nil), words: words)
  }

  private func request(
    _ plan: Plan, _ price: PlanPrice, _ subscriber: Subscriber
  ) -> SubscriptionOffers.Request {
    var isFirst = true
    if case .existing(_, let subscriptions, _) = subscriber {
      isFirst = SubscriptionPlanning.isFirst(subscriptions)
    }
    return SubscriptionOffers.Request(
      plan: plan, price: price, isInline: amount != nil, quantity: quantity,
      trialDays: trialDays ?? (isFirst ? plan.trialDays : 0), couponID: couponID,
      promotionCode: promotionCode, paymentMethod: paymentMethod,
      paymentBehavior: paymentBehavior)
  }

  private func subscriber(
    _ context: Context, _ catalogue: Catalogue
  ) async throws -> (Subscriber, CustomerRow?) {
    do {
      let customer = try await context.directory().customer(reference)
      let pages = try await context.openPages(of: customer.id)
      let subscriptions = try await context.subscriptions(of: customer.id)
      return (
        .existing(customerID: customer.id, subscriptions: subscriptions, openPages: pages),
        customer
      )
    } catch CustomerError.notFound where createsCustomer {
      let parameters = CustomerPlanning.createParameters(
        CustomerFields(email: reference.text), externalIDKey: catalogue.externalIDKey)
      return (.new(parameters: parameters), nil)
    }
  }

  /// The subscription, and what completes its first payment where that is open.
  private func report(
    _ operation: BillingOperation, answer: JSON?, _ context: Context
  ) async throws -> ObjectReport {
    let gateway = try await context.gateway()
    let json: JSON
    if let answer {
      json = answer
    } else {
      json = try await gateway.read(
        StripePath("subscriptions", operation.objectID ?? ""),
        [
          "expand": .array(gateway.client.configuration.firstPaymentExpansions.map(JSON.string))
        ])
    }
    let subscription = try Subscription(json)
    let catalogue = try context.catalogue()
    var object = SubscriptionView.json(subscription, catalogue)
    let isOpen = subscription.status == .incomplete
    object["client_secret"] = isOpen ? JSON(subscription.clientSecret) : .null
    object["hosted_invoice_url"] = isOpen ? JSON(subscription.hostedInvoiceURL) : .null
    let failure =
      isOpen && paymentBehavior == "allow_incomplete"
      ? try await FirstPayment.failure(of: subscription, gateway) : nil
    let report = SubscriptionView.report(
      object, closing: SubscriptionWords.of(object, customer: reference.text),
      outcome: failure.map { .failed($0) } ?? .done)
    guard issuesKey else { return report }
    return SubscriptionKey(customerID: subscription.customerID, operationID: operation.id)
      .issued(with: report, context)
  }
}
