import Basics

/// Why a bank refuses a card, in Stripe's words.
struct CardDecline: Hashable, Sendable {
  /// `card_declined`, or the code of a more particular refusal.
  var code = "card_declined"
  let declineCode: String
  var message = "Your card was declined."
  var parameter: String?
  /// What to do next: `try_again_later`, `do_not_try_again`, `confirm_card_data`.
  var advice = "try_again_later"

  static let generic = CardDecline(declineCode: "generic_decline")
  static let insufficientFunds = CardDecline(
    declineCode: "insufficient_funds", message: "Your card has insufficient funds.")
  static let lostCard = CardDecline(declineCode: "lost_card", advice: "do_not_try_again")
  static let stolenCard = CardDecline(declineCode: "stolen_card", advice: "do_not_try_again")
  static let expiredCard = CardDecline(
    code: "expired_card", declineCode: "expired_card", message: "Your card has expired.",
    parameter: "exp_month", advice: "do_not_try_again")
  static let incorrectCVC = CardDecline(
    code: "incorrect_cvc", declineCode: "incorrect_cvc",
    message: "Your card's security code is incorrect.", parameter: "cvc",
    advice: "confirm_card_data")
  static let processingError = CardDecline(
    code: "processing_error", declineCode: "processing_error",
    message: "An error occurred while processing your card. Try again in a little bit.")
  static let velocityExceeded = CardDecline(
    declineCode: "card_velocity_exceeded",
    message: """
      Your card was declined for making repeated attempts too frequently or exceeding its amount \
      limit.
      """)

  /// The answer 402.
  ///
  /// - Parameter extras: `charge`, `payment_intent`, `payment_method`, where they are kept.
  func error(extras: JSONObject = [:], keepsChanges: Bool = false) -> SandboxError {
    .card(
      message, code: code, declineCode: declineCode, adviceCode: advice,
      parameter: parameter, extras: extras, keepsChanges: keepsChanges)
  }

  /// The answer 402 to an attempt to attach the card, which names an empty parameter.
  var attachError: SandboxError {
    .card(message, code: code, declineCode: declineCode, parameter: parameter ?? "")
  }
}
