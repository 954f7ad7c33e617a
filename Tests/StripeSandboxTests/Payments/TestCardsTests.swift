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

  /// Charging without a customer, with the customer away, and as a customer's saved card with the
  /// customer away: what each card does.
  @Test(
    .tags(.unit),
    arguments: [
      ("pm_card_visa", "succeeded", "succeeded", "succeeded"),
      ("pm_card_chargeDeclined", "generic_decline", "generic_decline", "not attached"),
      (
        "pm_card_visa_chargeDeclinedInsufficientFunds", "insufficient_funds", "insufficient_funds",
        "not attached"
      ),
      ("pm_card_visa_chargeDeclinedLostCard", "lost_card", "lost_card", "not attached"),
      ("pm_card_visa_chargeDeclinedStolenCard", "stolen_card", "stolen_card", "not attached"),
      ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card", "not attached"),
      ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc", "not attached"),
      (
        "pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error",
        "not attached"
      ),
      (
        "pm_card_visa_chargeDeclinedVelocityLimitExceeded", "card_velocity_exceeded",
        "card_velocity_exceeded", "not attached"
      ),
      ("pm_card_chargeCustomerFail", "generic_decline", "generic_decline", "generic_decline"),
      (
        "pm_card_authenticationRequiredOnSetup", "requires_action", "authentication_required",
        "succeeded"
      ),
      (
        "pm_card_authenticationRequired", "requires_action", "authentication_required",
        "authentication_required"
      ),
      (
        "pm_card_authenticationRequiredSetupForOffSession", "requires_action", "succeeded",
        "succeeded"
      ),
      (
        "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", "requires_action",
        "authentication_required", "insufficient_funds"
      ),
      (
        "pm_card_threeDSecureRequiredChargeDeclined", "requires_action", "authentication_required",
        "authentication_required"
      ),
    ])
  func charged(
    _ token: String, _ onSession: String, _ offSession: String, _ setUp: String
  ) throws {
    let world = try MoneyWorld()
    let charge = { (parameters: String) -> String in
      let answer = world.checked(
        world.stripe.post(
          "/v1/payment_intents", "amount=100&currency=usd&confirm=true&\(parameters)"))
      return answer["error", "decline_code"]?.string ?? answer["status"]?.string ?? answer.error
    }
    #expect(charge("payment_method=\(token)") == onSession)
    #expect(charge("payment_method=\(token)&off_session=true") == offSession)
    let customer = world.customer(nil)
    let setup = world.stripe.post(
      "/v1/setup_intents", "customer=\(customer)&payment_method=\(token)&confirm=true")
    if setup["status"] == "requires_action" {
      _ = world.stripe.post("/sandbox/setup_intents/\(setup.id)/authenticate")
    }
    let method = world.stripe.get("/v1/customers/\(customer)/payment_methods").ids.first
    let later = method.map {
      charge("customer=\(customer)&payment_method=\($0)&off_session=true")
    }
    #expect(later ?? "not attached" == setUp)
    try world.checkEvents()
  }

  /// The twins `tok_…` make payment methods of the same cards.
  @Test(.tags(.unit), arguments: TestCard.all.filter { !$0.tokens.isEmpty })
  func tokens(_ card: TestCard) throws {
    let world = try MoneyWorld()
    for token in card.tokens {
      let twin = "tok_" + token.dropFirst(8)
      let made = world.stripe.post("/v1/payment_methods", "type=card&card[token]=\(twin)")
      #expect(made["card", "last4"] == .string(card.last4))
      #expect(made["card", "brand"] == .string(card.brand))
    }
  }

  @Test(.tags(.unit)) func whatARefusalSays() throws {
    let world = try MoneyWorld()
    let answer = world.stripe.post(
      "/v1/payment_methods/pm_card_chargeDeclined/attach", "customer=\(world.customer(nil))")
    let error = try #require(answer["error"]?.object)
    #expect(error["advice_code"] == "try_again_later")
    #expect(error["network_decline_code"] == "01")
    #expect(error["param"] == "")
  }
}
