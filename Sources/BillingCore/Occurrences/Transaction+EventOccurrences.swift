import Basics
import Stripe

extension Transaction {
  /// Tells what only an event says: the mirror shows no difference by which it could be known. To be
  /// called when the event's object was taken in.
  func tell(_ event: Event) throws {
    switch event.type {
    case "customer.subscription.trial_will_end": try tellTrialEnding(event)
    case "invoice.payment_failed": try tellPaymentFailed(event)
    case "invoice.upcoming": try tellUpcoming(event)
    case "payment_intent.payment_failed":
      guard let customerID = event.customerID,
        try hears(.paymentIntentFailed, at: event.created, customerID: customerID),
        let occurrence = Occurrence(.paymentIntentFailed, payment: event.object, at: event.created)
      else { return }
      try tell(occurrence)
    default: break
    }
  }

  /// Stripe says so also of a trial that is ended at once
  /// (https://docs.stripe.com/billing/subscriptions/trials#ends-soon): that one has ended.
  private func tellTrialEnding(_ event: Event) throws {
    guard let customerID = event.customerID, let id = event.object["id"]?.string,
      try hears(.trialEnding, at: event.created, customerID: customerID),
      let row = try subscription(id), row.status == "trialing",
      let end = row.trialEnd, end > event.created
    else { return }
    try tell(Occurrence(.trialEnding, row, [], at: event.created))
  }

  private func tellPaymentFailed(_ event: Event) throws {
    guard let customerID = event.customerID,
      try hears(.paymentFailed, at: event.created, customerID: customerID)
    else { return }
    // Whoever pays by hand may fail again within one attempt of the schedule.
    try tell(
      Occurrence(
        .paymentFailed, Invoice(event.object), of: customerID, at: event.created,
        distinction: "\(event.created.seconds)"))
  }

  private func tellUpcoming(_ event: Event) throws {
    guard let customerID = event.customerID,
      try hears(.invoiceUpcoming, at: event.created, customerID: customerID)
    else { return }
    // Its id is none that anybody could ask for.
    let invoice = try Invoice(event.object)
    var occurrence = Occurrence(.invoiceUpcoming, invoice, of: customerID, at: event.created)
    occurrence.cause = [
      Occurrence.Kind.invoiceUpcoming.rawValue, invoice.subscriptionID ?? customerID,
      "\((invoice.nextPaymentAttempt ?? invoice.periodEnd).seconds)",
    ].joined(separator: " ")
    occurrence.payload["id"] = .null
    try tell(occurrence)
  }
}
