/// A card of Stripe's test mode, and what happens with it.
struct TestCard: Hashable, Sendable {
  enum Behaviour: Hashable, Sendable {
    case succeeds
    /// Cannot be attached to a customer, nor charged.
    case declined(CardDecline)
    /// Can be attached, but not charged.
    case failsToCharge(CardDecline)
    /// The customer has to authenticate; then it fails, where a decline is given.
    case authenticates(Authentication, CardDecline?)
  }

  /// When the customer of a card has to authenticate.
  enum Authentication: Hashable, Sendable {
    case always
    /// Until the card has been set up for later payments.
    case unlessSetUp
    /// Whenever the customer is at hand.
    case onSession
  }

  let number: String
  /// Ready-made payment methods of this card: `pm_card_visa`. With `tok_` in place of `pm_card_`
  /// they are tokens.
  let tokens: [String]
  var brand = "visa"
  var funding = "credit"
  var country = "US"
  var behaviour = Behaviour.succeeds

  /// The brand as the card itself shows it: `american_express`.
  var displayBrand: String {
    let names = ["amex": "american_express", "diners": "diners_club", "unionpay": "union_pay"]
    return names[brand] ?? brand
  }

  var last4: String { String(number.suffix(4)) }

  /// Why a charge fails, once the customer has authenticated.
  var decline: CardDecline? {
    switch behaviour {
    case .succeeds: nil
    case .declined(let decline), .failsToCharge(let decline): decline
    case .authenticates(_, let decline): decline
    }
  }

  func requiresAuthentication(isSetUp: Bool, isOffSession: Bool) -> Bool {
    guard case .authenticates(let rule, _) = behaviour else { return false }
    return switch rule {
    case .always: true
    case .unlessSetUp: !isSetUp
    case .onSession: !isOffSession
    }
  }

  static func of(number: String) -> TestCard? {
    let digits = number.filter { $0 != " " && $0 != "-" }
    return all.first { $0.number == digits }
  }

  /// The card behind `pm_card_visa` or `tok_visa`.
  static func of(token: String) -> TestCard? {
    let name = token.hasPrefix("tok_") ? "pm_card_\(token.dropFirst(4))" : token
    return all.first { $0.tokens.contains(name) }
  }

  /// The Luhn sum that every card number satisfies.
  static func isPlausible(_ number: String) -> Bool {
    let digits = number.compactMap { $0.isASCII ? $0.wholeNumberValue : nil }
    guard digits.count == number.count, (12...19).contains(digits.count) else { return false }
    let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
      let doubled = digit.element * 2
      return sum + (digit.offset.isMultiple(of: 2) ? digit.element : doubled / 10 + doubled % 10)
    }
    return sum.isMultiple(of: 10)
  }
}

// MARK: The table

extension TestCard {
  static let all: [TestCard] = succeeding + declining + authenticating

  private static let succeeding = [
    TestCard(number: "4242424242424242", tokens: ["pm_card_visa", "pm_card_us"]),
    TestCard(number: "4000056655665556", tokens: ["pm_card_visa_debit"], funding: "debit"),
    TestCard(number: "5555555555554444", tokens: ["pm_card_mastercard"], brand: "mastercard"),
    TestCard(number: "2223003122003222", tokens: [], brand: "mastercard"),
    TestCard(
      number: "5200828282828210", tokens: ["pm_card_mastercard_debit"], brand: "mastercard",
      funding: "debit"),
    TestCard(
      number: "5105105105105100", tokens: ["pm_card_mastercard_prepaid"], brand: "mastercard",
      funding: "prepaid"),
    TestCard(number: "378282246310005", tokens: [], brand: "amex"),
    TestCard(number: "371449635398431", tokens: ["pm_card_amex"], brand: "amex"),
    TestCard(number: "6011111111111117", tokens: [], brand: "discover"),
    TestCard(number: "6011000990139424", tokens: ["pm_card_discover"], brand: "discover"),
    TestCard(number: "3056930009020004", tokens: ["pm_card_diners"], brand: "diners"),
    TestCard(
      number: "3566002020360505", tokens: ["pm_card_jcb"], brand: "jcb", country: "JP"),
    TestCard(
      number: "6200000000000005", tokens: ["pm_card_unionpay"], brand: "unionpay", country: "CN"),
    TestCard(number: "4000008260000000", tokens: ["pm_card_gb"], country: "GB"),
    TestCard(number: "4000002760000016", tokens: ["pm_card_de"], country: "DE"),
    TestCard(number: "4000002500000003", tokens: ["pm_card_fr"], country: "FR"),
  ]

  private static let declining = [
    TestCard(
      number: "4000000000000002",
      tokens: ["pm_card_visa_chargeDeclined", "pm_card_chargeDeclined"],
      behaviour: .declined(.generic)),
    TestCard(
      number: "4000000000009995",
      tokens: [
        "pm_card_visa_chargeDeclinedInsufficientFunds", "pm_card_chargeDeclinedInsufficientFunds",
      ], behaviour: .declined(.insufficientFunds)),
    TestCard(
      number: "4000000000009987", tokens: ["pm_card_visa_chargeDeclinedLostCard"],
      behaviour: .declined(.lostCard)),
    TestCard(
      number: "4000000000009979", tokens: ["pm_card_visa_chargeDeclinedStolenCard"],
      behaviour: .declined(.stolenCard)),
    TestCard(
      number: "4000000000000069", tokens: ["pm_card_chargeDeclinedExpiredCard"],
      behaviour: .declined(.expiredCard)),
    TestCard(
      number: "4000000000000127", tokens: ["pm_card_chargeDeclinedIncorrectCvc"],
      behaviour: .declined(.incorrectCVC)),
    TestCard(
      number: "4000000000000119", tokens: ["pm_card_chargeDeclinedProcessingError"],
      behaviour: .declined(.processingError)),
    TestCard(
      number: "4000000000006975",
      tokens: ["pm_card_visa_chargeDeclinedVelocityLimitExceeded"],
      behaviour: .declined(.velocityExceeded)),
    TestCard(
      number: "4000000000000341",
      tokens: ["pm_card_chargeCustomerFail", "pm_card_visa_chargeCustomerFail"],
      behaviour: .failsToCharge(.generic)),
  ]

  private static let authenticating = [
    TestCard(
      number: "4000002500003155", tokens: ["pm_card_authenticationRequiredOnSetup"],
      country: "FR", behaviour: .authenticates(.unlessSetUp, nil)),
    TestCard(
      number: "4000002760003184", tokens: ["pm_card_authenticationRequired"], country: "DE",
      behaviour: .authenticates(.always, nil)),
    TestCard(
      number: "4000003800000446", tokens: ["pm_card_authenticationRequiredSetupForOffSession"],
      country: "IT", behaviour: .authenticates(.onSession, nil)),
    TestCard(
      number: "4000008260003178",
      tokens: ["pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"], country: "GB",
      behaviour: .authenticates(.unlessSetUp, .insufficientFunds)),
    TestCard(
      number: "4000000000003220",
      tokens: ["pm_card_threeDSecure2Required", "pm_card_threeDSecureRequired"], country: "IE",
      behaviour: .authenticates(.always, nil)),
    TestCard(
      number: "4000008400001629", tokens: ["pm_card_threeDSecureRequiredChargeDeclined"],
      behaviour: .authenticates(.always, .generic)),
  ]
}
