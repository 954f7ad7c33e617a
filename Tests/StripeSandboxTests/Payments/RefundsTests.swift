import Basics
import Testing

@testable import StripeSandbox

@Suite struct RefundsTests {
  /// A world with one charge of $19.00.
  private func paid() throws -> (world: MoneyWorld, charge: JSON, intent: String) {
    let world = try MoneyWorld()
    _ = world.subscribe(world.customer())
    let charge = try #require(world.stripe.get("/v1/charges")["data", "0"])
    return (world, charge, charge["payment_intent"]?.string ?? "")
  }

  @Test(.tags(.unit)) func inPartsUntilNothingIsLeft() throws {
    let (world, charge, intent) = try paid()
    let (stripe, id) = (world.stripe, charge["id"]?.string ?? "")
    let count = try world.eventCount()
    let part = stripe.post(
      "/v1/refunds", "charge=\(id)&amount=500&reason=duplicate&metadata[a]=b")
    #expect(part["status"] == "succeeded")
    #expect(part["amount"] == 500)
    #expect(part["currency"] == "usd")
    #expect(part["reason"] == "duplicate")
    #expect(part["payment_intent"] == .string(intent))
    #expect(part["balance_transaction"] == .null)
    let after = stripe.get("/v1/charges/\(id)", "expand[]=refunds")
    #expect(after["amount_refunded"] == 500)
    #expect(after["refunded"] == false)
    #expect(after["refunds", "data", "0", "id"] == .string(part.id))
    let event = try #require(try stripe.events().last)
    #expect(event[at: "data", "previous_attributes"] == ["amount_refunded": 0])
    #expect(
      stripe.post("/v1/refunds", "charge=\(id)&amount=1401").error
        == """
        400 invalid_request_error - amount: Refund amount ($14.01) is greater than unrefunded \
        amount on charge ($14.00)
        """)
    let rest = stripe.post("/v1/refunds", "payment_intent=\(intent)")
    #expect(rest["amount"] == 1400)
    #expect(stripe.get("/v1/charges/\(id)")["refunded"] == true)
    #expect(
      stripe.post("/v1/refunds", "charge=\(id)").error
        == """
        400 invalid_request_error charge_already_refunded -: Charge \(id) has already been refunded.
        """)
    #expect(
      try world.events(after: count) == [
        "refund.created", "charge.refunded", "refund.created", "charge.refunded",
      ])
    #expect(stripe.get("/v1/refunds", "charge=\(id)").ids == [rest.id, part.id])
    #expect(stripe.get("/v1/refunds", "payment_intent=pi_x").ids == [])
    #expect(stripe.get("/v1/balance")["available", "0", "amount"] == 0)
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func describedButNotCanceled() throws {
    let (world, charge, _) = try paid()
    let refund = world.stripe.post("/v1/refunds", "charge=\(charge["id"]?.string ?? "")")
    let count = try world.eventCount()
    let path = "/v1/refunds/\(refund.id)"
    #expect(world.stripe.post(path, "metadata[a]=b")["metadata"] == ["a": "b"])
    #expect(world.stripe.get(path)["metadata"] == ["a": "b"])
    #expect(try world.events(after: count) == ["charge.refund.updated", "refund.updated"])
    #expect(
      world.stripe.post("\(path)/cancel").error
        == """
        400 invalid_request_error - -: Refund \(refund.id) cannot be canceled because it has a \
        status of succeeded. Only refunds with a status of requires_action can be canceled.
        """)
    #expect(world.stripe.get("/v1/refunds/re_x").error.contains("No such refund: 're_x'"))
  }

  @Test(
    .tags(.unit),
    arguments: [
      (
        "",
        "- -: One of the following params should be provided for this request: payment_intent "
          + "or charge."
      ),
      ("charge=ch_x", "resource_missing charge: No such charge: 'ch_x'"),
      ("payment_intent=pi_x", "resource_missing payment_intent: No such payment_intent: 'pi_x'"),
      (
        "charge=CHARGE&amount=0",
        "parameter_invalid_integer amount: This value must be greater than or equal to 1."
      ),
      (
        "charge=CHARGE&amount=1901",
        "- amount: Refund amount ($19.01) is greater than charge amount ($19.00)"
      ),
      (
        "payment_intent=UNPAID",
        "- payment_intent: This PaymentIntent (UNPAID) does not have a successful charge to refund."
      ),
      (
        "charge=CHARGE&payment_intent=UNPAID",
        "- charge: Charge CHARGE does not belong to PaymentIntent UNPAID."
      ),
      (
        "charge=CHARGE&reverse_transfer=true",
        "parameter_unsupported reverse_transfer: The sandbox "
          + "does not offer the parameter reverse_transfer of this operation yet."
      ),
    ])
  func refused(_ form: String, _ expected: String) throws {
    let (world, charge, _) = try paid()
    let unpaid = world.stripe.post("/v1/payment_intents", "amount=500&currency=usd").id
    let filled = { (text: String) in
      text.replacing("CHARGE", with: charge["id"]?.string ?? "").replacing("UNPAID", with: unpaid)
    }
    #expect(
      world.stripe.post("/v1/refunds", filled(form)).error
        == "400 invalid_request_error \(filled(expected))")
  }
}
