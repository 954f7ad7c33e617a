import Basics
import Testing

@testable import StripeSandbox

@Suite struct PaymentIntentsTests {
  @Test(.tags(.unit)) func confirmedAndPaid() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    let method = world.stripe.get("/v1/customers/\(customer)/payment_methods").ids[0]
    let count = try world.eventCount()
    let intent = world.checked(
      world.stripe.post(
        "/v1/payment_intents",
        """
        amount=2900&currency=USD&customer=\(customer)&payment_method=\(method)&confirm=true&\
        description=Tokens&metadata[a]=b&expand[]=latest_charge
        """))
    #expect(intent["status"] == "succeeded")
    #expect(intent["amount_received"] == 2900)
    #expect(intent["latest_charge", "paid"] == true)
    #expect(
      try world.events(after: count) == [
        "payment_intent.created", "charge.succeeded", "payment_intent.succeeded",
      ])
    let charge = try #require(intent["latest_charge", "id"]?.string)
    #expect(world.checked(world.stripe.get("/v1/charges/\(charge)"))["amount"] == 2900)
    #expect(world.stripe.get("/v1/charges", "payment_intent=\(intent.id)").ids == [charge])
    #expect(world.stripe.get("/v1/payment_intents", "customer=\(customer)").ids == [intent.id])
    #expect(world.stripe.post("/v1/payment_intents/\(intent.id)/cancel").status == 400)
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func declinedButKept() throws {
    let world = try MoneyWorld()
    let answer = world.stripe.post(
      "/v1/payment_intents",
      "amount=100&currency=usd&payment_method=pm_card_chargeCustomerFail&confirm=true")
    #expect(
      answer.error == "402 card_error card_declined -: Your card was declined.")
    let id = try #require(answer["error", "payment_intent", "id"]?.string)
    let intent = world.checked(world.stripe.get("/v1/payment_intents/\(id)"))
    #expect(intent["status"] == "requires_payment_method")
    #expect(intent["last_payment_error", "decline_code"] == "generic_decline")
    let charge = try #require(answer["error", "charge"]?.string)
    #expect(world.checked(world.stripe.get("/v1/charges/\(charge)"))["status"] == "failed")
    let again = world.checked(
      world.stripe.post("/v1/payment_intents/\(id)/confirm", "payment_method=pm_card_visa"))
    #expect(again["status"] == "succeeded")
    #expect(again["last_payment_error"] == .null)
  }

  @Test(.tags(.unit)) func authenticationAndCancellation() throws {
    let world = try MoneyWorld()
    let intent = world.checked(
      world.stripe.post(
        "/v1/payment_intents",
        """
        amount=100&currency=usd&payment_method=pm_card_authenticationRequired&confirm=true&\
        return_url=https://example.com
        """))
    #expect(intent["status"] == "requires_action")
    #expect(intent["next_action", "type"] == "redirect_to_url")
    #expect(try world.stripe.eventTypes().last == "payment_intent.requires_action")
    let canceled = world.checked(
      world.stripe.post(
        "/v1/payment_intents/\(intent.id)/cancel", "cancellation_reason=abandoned"))
    #expect(canceled["status"] == "canceled")
    #expect(canceled["cancellation_reason"] == "abandoned")
    let offSession = world.stripe.post(
      "/v1/payment_intents",
      """
      amount=100&currency=usd&payment_method=pm_card_authenticationRequired&confirm=true&\
      off_session=true
      """)
    #expect(offSession["error", "code"] == "authentication_required")
  }

  @Test(.tags(.unit)) func changedBeforeConfirmation() throws {
    let world = try MoneyWorld()
    let intent = world.checked(world.stripe.post("/v1/payment_intents", "amount=100&currency=usd"))
    #expect(intent["status"] == "requires_payment_method")
    #expect(world.stripe.post("/v1/payment_intents/\(intent.id)/confirm").status == 400)
    let customer = world.customer()
    let changed = world.checked(
      world.stripe.post(
        "/v1/payment_intents/\(intent.id)",
        "amount=200&customer=\(customer)&payment_method=pm_card_visa&description=x"))
    #expect(changed["amount"] == 200)
    #expect(changed["status"] == "requires_confirmation")
    let other = world.stripe.get("/v1/customers/\(world.customer())/payment_methods").ids[0]
    #expect(
      world.stripe.post("/v1/payment_intents/\(intent.id)/confirm", "payment_method=\(other)")
        .status == 400)
  }

  @Test(
    .tags(.unit),
    arguments: [("0", "parameter_invalid_integer"), ("100000000", "amount_too_large")])
  func amountsHaveLimits(_ amount: String, _ code: String) throws {
    let world = try MoneyWorld()
    let answer = world.stripe.post("/v1/payment_intents", "amount=\(amount)&currency=usd")
    #expect(answer.status == 400)
    #expect(answer["error", "code"] == .string(code))
    #expect(answer["error", "param"] == "amount")
  }

  /// What the caller does not want to wait for is a decline.
  @Test(
    .tags(.unit),
    arguments: [
      ("error_on_requires_action=true", "authentication_not_handled", false),
      ("off_session=true", "authentication_required", true),
      ("off_session=recurring", "authentication_required", true),
    ])
  func notWaited(_ parameters: String, _ declineCode: String, _ hasCharge: Bool) throws {
    let world = try MoneyWorld()
    let answer = world.stripe.post(
      "/v1/payment_intents",
      """
      amount=100&currency=usd&payment_method=pm_card_authenticationRequired&confirm=true&\
      \(parameters)
      """)
    #expect(answer.status == 402)
    #expect(answer["error", "code"] == "authentication_required")
    #expect(answer["error", "decline_code"] == .string(declineCode))
    #expect(answer["error", "payment_intent", "status"] == "requires_payment_method")
    #expect((answer["error", "charge"] != nil) == hasCharge)
    #expect(
      try world.stripe.eventTypes().suffix(hasCharge ? 3 : 2)
        == ["payment_intent.created"] + (hasCharge ? ["charge.failed"] : [])
        + ["payment_intent.payment_failed"])
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func keptForLater() throws {
    let world = try MoneyWorld()
    let customer = world.customer(nil)
    let intent = world.stripe.post(
      "/v1/payment_intents",
      """
      amount=100&currency=usd&customer=\(customer)&payment_method=pm_card_visa&confirm=true&\
      setup_future_usage=off_session&shipping[name]=A&shipping[address][city]=B
      """)
    #expect(intent["shipping", "address", "city"] == "B")
    let charge = world.stripe.get("/v1/charges/\(intent["latest_charge"]?.string ?? "")")
    #expect(charge["shipping"] == intent["shipping"])
    let method = try #require(intent["payment_method"]?.string)
    #expect(world.stripe.get("/v1/customers/\(customer)/payment_methods").ids == [method])
    #expect(
      try world.stripe.eventTypes().suffix(4) == [
        "payment_intent.created", "charge.succeeded", "payment_method.attached",
        "payment_intent.succeeded",
      ])
  }

  @Test(.tags(.unit)) func aCardOfNobodyPaysOnce() throws {
    let world = try MoneyWorld()
    let once = world.stripe.post(
      "/v1/payment_intents",
      "amount=100&currency=usd&payment_method=pm_card_visa&confirm=true")
    let method = once["payment_method"]?.string ?? ""
    let again = world.stripe.post(
      "/v1/payment_intents",
      "amount=100&currency=usd&payment_method=\(method)&confirm=true")
    #expect(
      again.error == """
        400 invalid_request_error - -: This PaymentMethod was previously used without being \
        attached to a Customer or was detached from a Customer, and may not be used again.
        """)
  }

  /// What an intent refuses in a state.
  @Test(
    .tags(.unit),
    arguments: [
      ("pm_card_visa", "", "confirm", "", "already succeeded"),
      ("pm_card_visa", "", "cancel", "", "You cannot cancel this PaymentIntent because it has"),
      ("pm_card_visa", "", "capture", "", "could not be captured because it has a status"),
      ("pm_card_visa", "", "", "amount=200", "PaymentIntent's amount could not be updated"),
      ("pm_card_visa", "&capture_method=manual", "confirm", "", "already succeeded"),
      (
        "pm_card_visa", "&capture_method=manual", "capture", "amount_to_capture=101",
        "greater than the amount you can capture"
      ),
    ])
  func refusedByState(
    _ token: String, _ more: String, _ operation: String, _ parameters: String, _ words: String
  ) throws {
    let world = try MoneyWorld()
    let intent = world.stripe.post(
      "/v1/payment_intents",
      "amount=100&currency=usd&payment_method=\(token)&confirm=true\(more)")
    let path = "/v1/payment_intents/\(intent.id)" + (operation.isEmpty ? "" : "/\(operation)")
    let answer = world.stripe.post(path, parameters)
    #expect(answer.status == 400)
    #expect(answer["error", "message"]?.string?.contains(words) == true, "\(answer.error)")
    let described = world.stripe.post("/v1/payment_intents/\(intent.id)", "metadata[a]=b")
    #expect(described["metadata"] == ["a": "b"])
  }

  @Test(
    .tags(.unit),
    arguments: ["off_session=true", "return_url=https://a.b", "error_on_requires_action=true"])
  func onlyWithConfirmation(_ parameter: String) throws {
    let world = try MoneyWorld()
    let answer = world.stripe.post("/v1/payment_intents", "amount=100&currency=usd&\(parameter)")
    #expect(answer["error", "param"]?.string.map { parameter.hasPrefix($0) } == true)
  }
}
