import BillingCore
import Stripe

/// What can be wrong between this machine and Stripe.
extension Ailment {
  static let stripe = [
    Ailment(
      "stripe",
      "Stripe was not reached: the name is not found, a firewall is between, or it is down.",
      passedOn: TransportError(kind: .refused, mayHaveReachedServer: false, detail: "")),
    keyRefused, accountUnreadable, clockOff, clockWrong, noEndpoint, endpointDisabled,
    endpointIncomplete,
    endpointVersion, endpointsUnreadable,
  ]

  static let keyRefused = Ailment(
    "stripe", "Stripe does not accept the key: it was rolled or has expired.",
    do: "take a key that holds from Stripe's dashboard, for test or for live",
    code: "api_key_expired"
  )

  static let accountUnreadable = Ailment(
    "stripe",
    "The restricted key may not read the account, so that nothing notices a database of another one.",
    do: "give it the permission to read accounts, so that databases are told apart")

  static let clockOff = Ailment(
    "clock", "This machine's clock is off; beyond 300 seconds webhooks are refused.",
    do: "let NTP set this machine's clock")

  static let clockWrong = Ailment(
    "clock", "This machine's clock is so far off that the signature of every webhook is refused.",
    do: "let NTP set this machine's clock", code: "clock")

  static let noEndpoint = Ailment(
    "webhook_endpoints",
    "Stripe sends events nowhere: what happens there is learnt only when it is asked for.",
    do: "billing webhook endpoints create URL --save, or run billing sync from time to time")

  static let endpointDisabled = Ailment(
    "webhook_endpoints",
    "Stripe sends an endpoint nothing: somebody switched it off, or Stripe did after days of "
      + "failures.",
    do: "enable it in Stripe's dashboard, then billing sync; or billing webhook endpoints delete ID"
  )

  static let endpointIncomplete = Ailment(
    "webhook_endpoints",
    "No endpoint is sent some of the events that have an effect here, so the mirror misses them.",
    do: "choose them in Stripe's dashboard, or make one anew with billing webhook endpoints create")

  static let endpointVersion = Ailment(
    "webhook_endpoints",
    "An endpoint's events have the layout of another version than this program is built for.",
    do: "make one of this version with billing webhook endpoints create, and delete the old one")

  static let endpointsUnreadable = Ailment(
    "webhook_endpoints", "The restricted key may not read the webhook endpoints.",
    do: "give it the permission to read webhook endpoints")
}
