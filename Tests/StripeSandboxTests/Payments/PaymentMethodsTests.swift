import Basics
import Testing

@testable import StripeSandbox

@Suite struct PaymentMethodsTests {
  @Test(.tags(.unit)) func tokenAttachedAnew() throws {
    let world = try MoneyWorld()
    let customer = world.customer(nil)
    let attach = { (id: String) in
      world.checked(world.stripe.post("/v1/payment_methods/\(id)/attach", "customer=\(customer)"))
    }
    let (one, two) = (attach("pm_card_visa"), attach("pm_card_mastercard"))
    #expect(one.id != two.id)
    #expect(one["customer"] == .string(customer))
    #expect(one["card", "last4"] == "4242")
    #expect(two["card", "brand"] == "mastercard")
    #expect(attach(one.id).body == one.body)
    #expect(
      world.stripe.get("/v1/payment_methods", "customer=\(customer)&type=card").ids
        == [two.id, one.id])
    #expect(world.stripe.get("/v1/payment_methods").ids == [])
    #expect(world.stripe.get("/v1/customers/\(customer)/payment_methods").ids == [two.id, one.id])
    #expect(
      world.stripe.get("/v1/customers/\(customer)/payment_methods/\(one.id)").body == one.body)
    let other = world.customer(nil)
    #expect(
      world.stripe.post("/v1/payment_methods/\(one.id)/attach", "customer=\(other)").status == 400)
    #expect(world.stripe.get("/v1/customers/\(other)/payment_methods/\(one.id)").status == 404)
  }

  @Test(.tags(.unit)) func madeFromANumber() throws {
    let world = try MoneyWorld()
    let made = world.checked(
      world.stripe.post(
        "/v1/payment_methods",
        """
        type=card&card[number]=4242424242424242&card[exp_month]=4&card[exp_year]=30&card[cvc]=123&\
        billing_details[name]=J&billing_details[address][city]=X&metadata[a]=b
        """))
    #expect(made["card", "exp_year"] == 2030)
    #expect(made["card", "checks", "cvc_check"] == "pass")
    #expect(made["billing_details", "address", "city"] == "X")
    #expect(world.checked(world.stripe.get("/v1/payment_methods/\(made.id)")).body == made.body)
    #expect(
      world.stripe.post("/v1/payment_methods/\(made.id)", "metadata[c]=d").status == 400)
    let customer = world.customer(nil)
    _ = world.stripe.post("/v1/payment_methods/\(made.id)/attach", "customer=\(customer)")
    let updated = world.checked(
      world.stripe.post(
        "/v1/payment_methods/\(made.id)",
        "card[exp_month]=12&billing_details[name]=&allow_redisplay=always"))
    #expect(updated["card", "exp_month"] == 12)
    #expect(updated["billing_details", "name"] == .null)
    #expect(try world.stripe.eventTypes().last == "payment_method.updated")
    let token = world.stripe.post("/v1/payment_methods", "type=card&card[token]=tok_amex")
    #expect(token["card", "brand"] == "amex")
  }

  @Test(
    .tags(.unit),
    arguments: [
      (
        "card[number]=4242424242424241&card[exp_month]=1&card[exp_year]=2030",
        "402 incorrect_number"
      ),
      ("card[number]=4000000000000010&card[exp_month]=1&card[exp_year]=2030", "402 card_declined"),
      (
        "card[number]=4242424242424242&card[exp_month]=13&card[exp_year]=2030",
        "402 invalid_expiry_month"
      ),
      (
        "card[number]=4242424242424242&card[exp_month]=1&card[exp_year]=2020",
        "402 invalid_expiry_year"
      ),
      (
        "card[number]=4242424242424242&card[exp_month]=1&card[exp_year]=2026",
        "402 invalid_expiry_month"
      ),
      ("card[number]=4242424242424242", "400 parameter_missing"),
      ("card[cvc]=1", "400 parameter_missing"), ("", "400 parameter_missing"),
      ("card[token]=tok_nope", "400 resource_missing"),
    ])
  func wrongCards(_ card: String, _ expected: String) throws {
    let world = try MoneyWorld()
    let answer = world.stripe.post("/v1/payment_methods", "type=card&\(card)")
    #expect("\(answer.status) \(answer["error", "code"]?.string ?? "")" == expected)
  }

  @Test(.tags(.unit)) func unknownAndDetached() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    #expect(world.stripe.post("/v1/payment_methods", "type=sepa_debit").status == 400)
    let missing = world.stripe.post("/v1/payment_methods/invalid/attach", "customer=\(customer)")
    #expect(missing.status == 404)
    #expect(missing["error", "code"] == "resource_missing")
    #expect(missing["error", "param"] == "payment_method")
    #expect(
      missing["error", "message"]?.string?.hasPrefix("No such PaymentMethod: 'invalid'; It's")
        == true)
    let method = world.stripe.get("/v1/customers/\(customer)/payment_methods").ids[0]
    let subscription = world.subscribe(customer, "default_payment_method=\(method)")
    let count = try world.eventCount()
    let detached = world.checked(world.stripe.post("/v1/payment_methods/\(method)/detach"))
    #expect(detached["customer"] == .null)
    #expect(
      try world.events(after: count) == [
        "payment_method.detached", "customer.updated", "customer.subscription.updated",
      ])
    let events = try world.stripe.events()
    #expect(
      events[count][at: "data", "previous_attributes"] == ["customer": .string(customer)])
    let kept = world.stripe.get("/v1/subscriptions/\(subscription.id)")
    #expect(kept["default_payment_method"] == .null)
    #expect(world.stripe.post("/v1/payment_methods/\(method)/detach").status == 400)
    #expect(
      world.stripe.post("/v1/payment_methods/\(method)/attach", "customer=\(customer)").status
        == 400)
  }
}
