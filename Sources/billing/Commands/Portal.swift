import Basics
import BillingCore
import Stripe

/// `billing portal`: a visit to the customer portal.
///
/// It stands in no journal: the visit changes nothing by itself, Stripe has no list in which it could
/// be found again, and its address, which lets whoever has it in, is not to be kept. One whose
/// answer got lost is asked for again.
struct Portal: Command {
  enum Flow: String, CaseIterable {
    case cancel, update
    case paymentMethod = "payment-method"
  }

  static let name = "portal"
  static let summary = "Open the customer portal for a customer"
  static let discussion = """
    Prints an address at which the customer sees plan, card and invoices, and may change what the
    portal's configuration allows: the one that billing portal configure made, else Stripe's default.
    The address lives for some minutes, until it is opened. --flow leads straight to one thing.

    The customer returns to --return-url, else to urls in plans.yaml, else to FRONTEND_URL.
    """
  static let parameters: [Parameter] = [
    .customer,
    .option("--return-url", "U", "Where the customer goes afterwards"),
    .option(
      "--flow", "F", "What the customer is there for", choices: Flow.allCases.map { $0.rawValue }),
  ]
  static let examples = [
    "portal ada@example.com", "portal ada@example.com --flow payment-method",
  ]

  var reference: CustomerReference
  var returnURL: String?
  var flow: Flow?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    returnURL = try arguments.address("--return-url")
    flow = try arguments.choice("--flow")
  }

  func run(_ context: Context) async throws -> ChangeReport {
    let catalogue = try context.catalogueForNames()
    let address = try context.portalAddress(returnURL, catalogue)
    try context.requireWrite("open the customer portal for \(reference.text)")
    let customer = try await context.directory().customer(reference)
    let client = try await context.gateway().client
    var parameters: JSONObject = ["customer": .string(customer.id)]
    if let namespace = catalogue?.namespace {
      parameters["configuration"] = try await PortalState.configuration(
        of: namespace, from: client)?["id"]
    }
    parameters["return_url"] = address.map(JSON.string)
    parameters["flow_data"] = try await flowData(customer.id, context)
    let request = StripeRequest(
      .post, StripePath("billing_portal", "sessions"), parameters,
      idempotencyKey: context.settings.idempotencyKey)
    if context.settings.isDryRun { return .planned(DryRunReport([request])) }
    try requireFreeKey(context)
    let session = try await send(request, client)
    return .changed(
      PageView.portal(
        session, closing: "\(reference.text) can open it within the next minutes."))
  }

  // MARK: What the customer is there for

  private func flowData(_ customerID: String, _ context: Context) async throws -> JSON? {
    guard let flow else { return nil }
    guard flow != .paymentMethod else { return ["type": "payment_method_update"] }
    let subscriptions = try await context.subscriptions(of: customerID)
    guard let running = SubscriptionPlanning.running(subscriptions) else {
      throw SubscriptionConflict.noSubscription(customerID: customerID)
    }
    let subscription: JSON = ["subscription": .string(running.id)]
    guard flow == .update else {
      guard !running.cancelAtPeriodEnd, running.cancelAt == nil else {
        throw SubscriptionConflict.alreadyCancelling(
          subscriptionID: running.id,
          at: (running.cancelAt ?? running.currentPeriodEnd)?.iso8601)
      }
      return ["type": "subscription_cancel", "subscription_cancel": subscription]
    }
    // A change of plan is a sale there as well.
    try context.store().requireSale(of: .subscriptions)
    guard running.scheduleID == nil else {
      throw CommandError.conflict(
        "invalid_state", "a change of \(running.id) is pending, so the portal cannot change it",
        hint: "billing resume takes it back")
    }
    let isPlain =
      running.items.count == 1
      && running.items.allSatisfy { $0.price.recurring?.usageType != "metered" }
    guard isPlain else {
      throw CommandError.conflict(
        "invalid_state", "the portal cannot change \(running.id), which has more than one price",
        hint: "billing upgrade changes its plan")
    }
    return ["type": "subscription_update", "subscription_update": subscription]
  }

  // MARK: Sending

  /// A key that is written down is another command's.
  private func requireFreeKey(_ context: Context) throws {
    guard let key = context.settings.idempotencyKey,
      let command = try context.store().read({ transaction in
        try transaction.operation(key: key.text)?.command
          ?? transaction.commandOfOwnChange(key: key.text)
      })
    else { return }
    throw OperationError.idempotencyMismatch(key: key.text, command: command)
  }

  private func send(_ request: StripeRequest, _ client: StripeClient) async throws -> JSON {
    do {
      return try await client.send(request).json
    } catch {
      throw Self.explained(error, of: request)
    }
  }

  /// In the words of this command: no visit is a change whose outcome must be found out.
  private static func explained(
    _ error: StripeError, of request: StripeRequest
  ) -> any Error {
    switch error {
    case .outcomeUnknown(let failure): return StripeError.noAnswer(failure)
    case .refused(let refusal):
      if refusal.type == "idempotency_error" {
        return OperationError.idempotencyMismatch(
          key: request.idempotencyKey?.text ?? "", command: name)
      }
      let namesNone = request.parameters["configuration"] == nil
      guard namesNone, refusal.message.lowercased().contains("configuration") else { return error }
      var explained = error.explanation
      explained.hint = "billing portal configure makes the portal as plans.yaml says"
      return explained
    case .notReached, .rateLimited, .noAnswer, .invalidRequest: return error
    }
  }
}
