/// Why a bank or Stripe refused a card: what it means, and what the customer is to be told.
///
/// The codes are those of https://docs.stripe.com/declines/codes for payments that are not made at
/// a terminal. New ones may come at any time: what is not known here reads as `generic_decline`.
package struct DeclineCode: Sendable, Hashable {
  /// As Stripe writes it.
  package let code: String
  /// For those who run the business; not for the customer, who may be a thief.
  package let meaning: String
  package let advice: DeclineAdvice
  /// Whether Stripe tries the same card again by itself
  /// (https://docs.stripe.com/billing/revenue-recovery/smart-retries); if not, only another payment
  /// method, or the customer, helps.
  package let isTriedAgain: Bool

  /// What a customer may read.
  package var forCustomer: String { advice.sentence }

  private init(_ code: String, _ advice: DeclineAdvice, _ meaning: String) {
    self.code = code
    self.meaning = meaning
    self.advice = advice
    isTriedAgain = !Self.neverTriedAgain.contains(code)
  }

  /// What is known of a refusal: by its `decline_code`, else by its `code`.
  ///
  /// - Parameter declineCode: what the bank said; nil or unknown to this list for many refusals.
  package static func of(_ declineCode: String?, error code: String? = nil) -> DeclineCode {
    let known = [declineCode, code].lazy.compactMap { $0 }.compactMap { named($0) }.first
    return known ?? generic
  }

  package static func named(_ code: String) -> DeclineCode? { all.first { $0.code == code } }

  private static let generic = DeclineCode(
    "generic_decline", .askBank,
    "The bank, or a rule of yours at Stripe, refused and did not say why.")

  /// In the order of their names.
  package static let all: [DeclineCode] = [
    DeclineCode(
      "approve_with_id", .askBank, "The bank did not authorise it; a second try may pass."),
    DeclineCode(
      "authentication_not_handled", .confirm, "The bank wants the customer to confirm (3D Secure)."),
    DeclineCode(
      "authentication_required", .confirm, "The bank wants the customer to confirm (3D Secure)."),
    DeclineCode("call_issuer", .askBank, "The bank refused and did not say why."),
    DeclineCode(
      "card_not_supported", .askBank, "The card cannot be used for this kind of purchase."),
    DeclineCode(
      "card_velocity_exceeded", .overLimit, "The card was used too often, or its limit is reached."),
    DeclineCode("currency_not_supported", .otherCard, "The card cannot pay in this currency."),
    DeclineCode("do_not_honor", .askBank, "The bank refused and did not say why."),
    DeclineCode("do_not_try_again", .askBank, "The bank refused and wants no other try."),
    DeclineCode(
      "duplicate_transaction", .twice,
      "The same amount was taken from the same card a moment ago: look for that payment first."),
    DeclineCode("expired_card", .newCard, "The card has expired."),
    DeclineCode(
      "fraudulent", .askBank,
      "Suspected fraud. Tell the customer no more than of a generic decline."),
    generic,
    DeclineCode(
      "highest_risk_level", .askBank,
      "Stripe Radar blocked it as too risky. Tell the customer no more than of a generic decline."),
    DeclineCode("incorrect_address", .correct, "The billing address is not the bank's."),
    DeclineCode("incorrect_cvc", .correct, "The security code is wrong."),
    DeclineCode("incorrect_number", .correct, "The card number is wrong."),
    DeclineCode("incorrect_pin", .correct, "The PIN is wrong."),
    DeclineCode("incorrect_zip", .correct, "The postal code is not the bank's."),
    DeclineCode("insufficient_funds", .overLimit, "There is not enough money on the card."),
    DeclineCode("invalid_account", .askBank, "The card, or the account behind it, is not valid."),
    DeclineCode(
      "invalid_amount", .askBank, "The amount is not valid for this card, or above what it allows."),
    DeclineCode("invalid_cvc", .correct, "The security code is wrong."),
    DeclineCode("invalid_expiry_month", .correct, "The month of expiry is wrong."),
    DeclineCode("invalid_expiry_year", .correct, "The year of expiry is wrong."),
    DeclineCode("invalid_number", .correct, "The card number is wrong."),
    DeclineCode("issuer_not_available", .later, "The bank could not be reached."),
    DeclineCode(
      "lost_card", .askBank, "Reported lost. Tell the customer no more than of a generic decline."),
    DeclineCode(
      "merchant_blacklist", .askBank,
      "On a block list of yours at Stripe. Tell the customer no more than of a generic decline."),
    DeclineCode("new_account_information_available", .askBank, "The card has new details."),
    DeclineCode("no_action_taken", .askBank, "The bank refused and did not say why."),
    DeclineCode("not_permitted", .askBank, "The bank does not permit this payment."),
    DeclineCode(
      "pickup_card", .askBank,
      "Perhaps lost or stolen. Tell the customer no more than of a generic decline."),
    DeclineCode("processing_error", .later, "The payment could not be processed."),
    DeclineCode("reenter_transaction", .later, "The bank could not process it; try it once more."),
    DeclineCode("restricted_card", .askBank, "The card cannot be used; perhaps lost or stolen."),
    DeclineCode(
      "revocation_of_all_authorizations", .revoked,
      "The customer told the bank to let no such payment through any more."),
    DeclineCode(
      "revocation_of_authorization", .revoked,
      "The customer told the bank to let no such payment through any more."),
    DeclineCode("security_violation", .askBank, "The bank refused and did not say why."),
    DeclineCode("service_not_allowed", .askBank, "The bank refused and did not say why."),
    DeclineCode(
      "stolen_card", .askBank,
      "Reported stolen. Tell the customer no more than of a generic decline."),
    DeclineCode("stop_payment_order", .revoked, "The customer told the bank to stop the payment."),
    DeclineCode("test_mode_live_card", .otherCard, "A real card was used in test mode."),
    DeclineCode(
      "testmode_decline", .otherCard, "A test card was used, where only real ones count."),
    DeclineCode("transaction_not_allowed", .askBank, "The bank does not allow this payment."),
    DeclineCode("try_again_later", .later, "The bank refused for the moment."),
    DeclineCode(
      "withdrawal_count_limit_exceeded", .overLimit, "The card's limit for this time is reached."),
  ]

  private static let neverTriedAgain: Set<String> = [
    "authentication_required", "highest_risk_level", "incorrect_number", "lost_card",
    "pickup_card", "revocation_of_all_authorizations", "revocation_of_authorization",
    "stolen_card", "transaction_not_allowed",
  ]
}
