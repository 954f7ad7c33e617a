import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct DeclineCodeTests {
  @Test func theBanksWordGoesBeforeTheErrors() {
    #expect(DeclineCode.of("insufficient_funds", error: "card_declined").advice == .overLimit)
    #expect(DeclineCode.of(nil, error: "expired_card").advice == .newCard)
    #expect(DeclineCode.of("new_in_2030", error: "incorrect_cvc").code == "incorrect_cvc")
  }

  @Test func whatNobodyKnowsIsAGenericDecline() {
    for decline in [DeclineCode.of(nil), .of("new_in_2030", error: "card_declined")] {
      #expect(decline.code == "generic_decline")
      #expect(
        decline.forCustomer
          == "Your bank declined the payment. Please ask your bank, or pay with another card.")
      #expect(decline.isTriedAgain)
    }
  }

  @Test func eachIsListedOnceInOrder() {
    let codes = DeclineCode.all.map { $0.code }
    #expect(codes == Set(codes).sorted())
    #expect(codes.map { DeclineCode.named($0)?.code } == codes)
  }

  /// Whoever holds a stolen card is not to learn that it is known.
  @Test func aSuspicionIsNotForTheCustomer() {
    for code in DeclineCode.all.filter({ $0.meaning.contains("no more than") }).map({ $0.code }) {
      #expect(DeclineCode.named(code)?.forCustomer == DeclineCode.of(nil).forCustomer, "\(code)")
    }
    for advice in DeclineAdvice.allCases {
      for word in ["stolen", "lost", "fraud", "block", "risk", "suspect"] {
        #expect(!advice.sentence.lowercased().contains(word), "\(advice)")
      }
    }
  }

  @Test func whatIsFinalForTheCardIsNotTriedAgain() {
    #expect(
      DeclineCode.all.filter { !$0.isTriedAgain }.map { $0.code } == [
        "authentication_required", "highest_risk_level", "incorrect_number", "lost_card",
        "pickup_card", "revocation_of_all_authorizations", "revocation_of_authorization",
        "stolen_card", "transaction_not_allowed",
      ])
  }
}
