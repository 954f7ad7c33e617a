import BillingCore
import Stripe

/// What can be wrong with this machine and the environment.
extension Ailment {
  static let settings = [
    Ailment(
      "key", "There is no key: nothing that talks to Stripe runs.",
      passedOn: CommandError.missingKey),
    Ailment(
      "key", "The key is one for browsers, which Stripe lets do next to nothing.",
      passedOn: StripeKey.InvalidKey.publishable),
    Ailment(
      "key", "What is set as the key is none: a part of it is missing, or more was copied with it.",
      passedOn: StripeKey.InvalidKey.malformed),
    otherVersion, noWebhookSecret, strangeWebhookSecret, repeatedWebhookSecret, readByOthers,
    writtenByOthers, littleSpace, noSpace,
  ]

  static let otherVersion = Ailment(
    "api_version",
    "Requests ask for another version of Stripe's API than the one this program is built for: "
      + "fields may be missing or mean something else.",
    do: "leave --api-version and STRIPE_API_VERSION out for \(Settings.builtForVersion)")

  static let noWebhookSecret = Ailment(
    "webhook_secret", "Without a signing secret no webhook can be verified, and none is accepted.",
    do: "set STRIPE_WEBHOOK_SECRET to the signing secret of your endpoint")

  static let strangeWebhookSecret = Ailment(
    "webhook_secret",
    "A signing secret does not look like one: perhaps an endpoint's id, or quotes copied with it.",
    do: "a secret begins with whsec_; several are separated by commas")

  static let repeatedWebhookSecret = Ailment(
    "webhook_secret",
    "A signing secret stands there twice: a rotation that did not bring in the new one.",
    do: "put the endpoint's new secret in front of the old one, separated by a comma")

  static let readByOthers = Ailment(
    "files",
    "Everyone on this machine may read a secret, or the database with your customers in it.",
    do: "chmod 600 each of them")

  static let writtenByOthers = Ailment(
    "files",
    "Everyone on this machine may change a secret or the database: what they say is worth nothing.",
    do: "chmod 600 each of them, and look at what may have been changed")

  static let littleSpace = Ailment(
    "disk", "The disk of the database is nearly full; a backup or an import may not fit.",
    do: "make room on that disk")

  static let noSpace = Ailment(
    "disk",
    "The disk of the database is full: nothing can be written down, so nothing can be changed.",
    do: "make room on that disk; what was written down is whole", code: "storage")
}
