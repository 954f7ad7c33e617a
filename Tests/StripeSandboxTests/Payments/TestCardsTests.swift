import Basics
import Testing

@testable import StripeSandbox

@Suite struct TestCardsTests {
  @Test(.tags(.unit), arguments: TestCard.all) func everyNumberIsPlausible(_ card: TestCard) {
    #expect(TestCard.isPlausible(card.number))
    #expect(TestCard.of(number: card.number) == card)
    for token in card.tokens {
      #expect(TestCard.of(token: token) == card)
      #expect(TestCard.of(token: "tok_" + token.dropFirst(8)) == card)
    }
  }

  @Test(.tags(.unit), arguments: ["4242424242424241", "424242", "4242x24242424242", ""])
  func wrongNumbers(_ number: String) {
    #expect(!TestCard.isPlausible(number))
    #expect(TestCard.of(number: number) == nil)
  }

  /// Attaching: what each refusing card answers.
  @Test(
    .tags(.unit),
    arguments: [
      ("pm_card_chargeDeclined", "card_declined", "generic_decline", "Your card was declined."),
      (
        "pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds",
        "Your card has insufficient funds."
      ),
      (
        "pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card",
        "Your card was declined."
      ),
      (
        "pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card",
        "Your card was declined."
      ),
      (
        "pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card",
        "Your card has expired."
      ),
      (
        "pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc",
        "Your card's security code is incorrect."
      ),
      (
        "pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error",
        "An error occurred while processing your card. Try again in a little bit."
      ),
    ])
  func refusedToAttach(
    _ token: String, _ code: String, _ declineCode: String, _ message: String
  ) throws {
    let world = try MoneyWorld()
    let customer = world.customer(nil)
    let answer = world.stripe.post("/v1/payment_methods/\(token)/attach", "customer=\(customer)")
    #expect(answer.status == 402)
    #expect(answer["error", "type"] == "card_error")
    #expect(answer["error", "code"] == .string(code))
    #expect(answer["error", "decline_code"] == .string(declineCode))
    #expect(answer["error", "message"] == .string(message))
    #expect(try world.stripe.eventTypes().contains("payment_method.attached") == false)
    #expect(world.stripe.get("/v1/customers/\(customer)/payment_methods").ids == [])
  }
}
