import BillingCore

extension InvoiceConflict: Explainable {
  var explanation: CommandError {
    switch self {
    case .cannotPay(let id, "paid"):
      .conflict(
        "invalid_state", "\(id) is paid already", hint: "billing refund gives the money back")
    case .cannotVoid(let id, "paid"):
      .conflict(
        "invalid_state", "\(id) is paid, so it cannot be voided",
        hint: "billing refund gives the money back")
    case .paidElsewhere(let id):
      .conflict(
        "invalid_state", "\(id) is settled without a payment through Stripe: nothing is owed",
        hint: "what was paid elsewhere goes back where it came from")
    case .cannotPay(let id, "draft"), .cannotVoid(let id, "draft"):
      .conflict(
        "invalid_state", "\(id) is a draft, not a bill yet",
        hint: "billing invoice finalize issues it now; Stripe does so by itself within an hour, "
          + "unless collection was paused with keep_as_draft")
    case .cannotFinalize(let id, "open"):
      .conflict(
        "invalid_state", "\(id) is issued already", hint: "billing invoice pay charges it")
    case .cannotFinalize(let id, let status):
      .conflict("invalid_state", "\(id) is \(status): only a draft is still to be issued")
    case .cannotVoid(let id, "void"):
      .conflict("invalid_state", "\(id) is void already")
    case .cannotPay(let id, let status), .cannotVoid(let id, let status):
      .conflict("invalid_state", "\(id) is \(status): nothing is owed")
    case .ofEndedSubscription(let id, let subscriptionID):
      .conflict(
        "invalid_state",
        "what is open, \(id), is of a subscription that has ended, \(subscriptionID)",
        hint: "billing invoice pay \(id) charges it all the same; billing invoice void lets it go")
    case .nothingOpen(let customerID):
      .conflict(
        "invalid_state", "\(customerID) has no open invoice: there is nothing to pay",
        hint: "billing invoice list shows the invoices there are")
    }
  }
}

extension PaymentMethodConflict: Explainable {
  var explanation: CommandError {
    switch self {
    case .unknown(let id): .notFound("no payment method \(id)")
    case .attachedAlready(let id, let customerID):
      .conflict(
        "already_exists", "\(id) belongs to \(customerID) already",
        hint: "billing payment-method default makes it the one that is charged")
    case .belongsToAnother(let id):
      .conflict(
        "invalid_state", "\(id) belongs to another customer",
        hint: "a payment method has one customer for good; take a new one")
    case .notAttached(let id, let customerID):
      .conflict(
        "invalid_state", "\(id) belongs to nobody, so \(customerID) cannot be charged with it",
        hint: "billing payment-method attach --default attaches it first")
    case .detachedAlready(let id):
      .conflict("invalid_state", "\(id) belongs to nobody: there is nothing to detach")
    case .inUse(let id, let subscriptionID, let customerID):
      .conflict(
        "invalid_state", "\(subscriptionID) of \(customerID) is charged to \(id)",
        hint: "billing payment-method default makes another one the default first")
    }
  }
}
