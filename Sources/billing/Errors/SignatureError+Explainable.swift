import Stripe

extension SignatureError: Explainable {
  var explanation: CommandError {
    switch self {
    case .noSecret:
      .configuration(
        "missing_key", "there is no webhook secret",
        hint: "set STRIPE_WEBHOOK_SECRET to the endpoint's secret, whsec_…")
    case .tolerance: .usage(rawValue)
    case .mismatch:
      CommandError(
        "signature", rawValue,
        hint: "the body must be byte for byte as it came: an editor may have added a line end",
        exit: .signature)
    case .malformedHeader:
      CommandError(
        "signature", rawValue,
        hint: "it is what follows Stripe-Signature: t=1492774577,v1=5257a869…", exit: .signature)
    case .noSignature, .tooOld, .tooNew:
      CommandError("signature", rawValue, exit: .signature)
    }
  }
}
