import Basics

/// Endive: what a payment may be made with is no longer listed as `payment_method_types`.
///
/// The sandbox has cards only. A list with nothing but cards asks for what it does anyway, without
/// the methods that the Dashboard would offer; any other list is refused.
enum PaymentMethodTypes {
  static let change = VersionChange(
    since: .endive,
    requests: [
      RequestChange(
        "POST /v1/payment_intents", "POST /v1/setup_intents",
        declared: ["payment_method_types": .array(.string)],
        translate: { parameters, _ in
          guard try removeCards(from: &parameters) else { return }
          guard parameters["automatic_payment_methods"] == nil else {
            throw SandboxError.invalid(
              """
              You may only specify one of these parameters: automatic_payment_methods, \
              payment_method_types.
              """, parameter: "payment_method_types")
          }
          parameters["automatic_payment_methods"] = ["enabled": false]
        }),
      RequestChange(
        "POST /v1/checkout/sessions", "POST /v1/payment_intents/{id}",
        "POST /v1/payment_intents/{id}/confirm", "POST /v1/setup_intents/{id}",
        declared: ["payment_method_types": .array(.string)],
        translate: { parameters, _ in _ = try removeCards(from: &parameters) }),
    ])

  /// Whether the list was given.
  private static func removeCards(from parameters: inout JSONObject) throws -> Bool {
    guard let types = parameters.take("payment_method_types")?.array else {
      return false
    }
    guard types.allSatisfy({ $0 == "card" }) else {
      throw SandboxError.invalid(
        "The sandbox does not offer other payment methods than cards.",
        parameter: "payment_method_types")
    }
    return true
  }
}
