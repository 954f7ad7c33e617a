import BillingCore

extension UnknownEvent: Explainable {
  var explanation: CommandError {
    .notFound("no event \(id) at Stripe", hint: "Stripe keeps events for 30 days")
  }
}
