import Basics
import Stripe

extension StripeKey.InvalidKey: Explainable {
  var explanation: CommandError {
    switch self {
    case .publishable:
      .configuration(
        "missing_key", rawValue, hint: "take the secret key (sk_…) or a restricted one (rk_…)")
    case .malformed:
      .configuration("missing_key", "STRIPE_SECRET_KEY is \(rawValue)", hint: "copy it anew")
    }
  }
}
