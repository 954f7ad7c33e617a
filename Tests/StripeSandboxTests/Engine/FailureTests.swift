import Basics
import Testing

@testable import StripeSandbox

/// What a handler's errors leave behind.
@Suite struct FailureTests {
  private struct Odd: Error {}

  /// A sandbox whose `POST /v1/tax_rates` makes a product and then fails.
  private func sandbox(failing error: any Error & Sendable) throws -> TestSandbox {
    try TestSandbox(
      registry: Registry(
        [Products.self],
        adding: [
          .post("/v1/tax_rates") { call in
            try call.create(
              Products.made(id: call.newID("prod"), from: ["name": "x"], at: call.now),
              event: "product.created")
            throw error
          }
        ]))
  }

  private static let form = "display_name=a&inclusive=true&percentage=1"

  @Test(.tags(.unit)) func leavesNothingOfARefusedRequest() throws {
    let stripe = try sandbox(failing: SandboxError.invalid("No."))
    #expect(
      stripe.post("/v1/tax_rates", Self.form, key: "k").error
        == "400 invalid_request_error - -: No.")
    #expect(stripe.get("/v1/products").ids == [])
    #expect(try stripe.eventTypes() == [])
    #expect(stripe.post("/v1/tax_rates", Self.form, key: "k").header("Idempotent-Replayed") == nil)
  }

  @Test(.tags(.unit)) func replaysADecline() throws {
    let decline = SandboxError.card(
      "Your card was declined.", code: "card_declined", declineCode: "generic_decline",
      adviceCode: "try_again_later", parameter: "", extras: ["charge": "ch_1"])
    let stripe = try sandbox(failing: decline)
    let first = stripe.post("/v1/tax_rates", Self.form, key: "k")
    #expect(first.error == "402 card_error card_declined : Your card was declined.")
    #expect(first["error"]?["decline_code"] == "generic_decline")
    #expect(first["error"]?["advice_code"] == "try_again_later")
    #expect(first["error"]?["charge"] == "ch_1")
    #expect(stripe.get("/v1/products").ids == [])
    let again = stripe.post("/v1/tax_rates", Self.form, key: "k")
    #expect(again.header("Idempotent-Replayed") == "true")
    #expect(again.body == first.body)
  }

  @Test(.tags(.unit)) func keepsWhatADeclineIsToLeave() throws {
    var decline = SandboxError.card("Declined.", code: "card_declined")
    decline.keepsChanges = true
    let stripe = try sandbox(failing: decline)
    #expect(stripe.post("/v1/tax_rates", Self.form).status == 402)
    #expect(stripe.get("/v1/products").ids.count == 1)
    #expect(try stripe.eventTypes() == ["product.created"])
  }

  @Test(.tags(.unit)) func replaysAFaultOfItsOwn() throws {
    let stripe = try sandbox(failing: Odd())
    let first = stripe.post("/v1/tax_rates", Self.form, key: "k")
    #expect(
      first.error
        == "500 api_error - -: An unknown error occurred in the sandbox while it worked on the "
        + "request.")
    #expect(stripe.get("/v1/products").ids == [])
    let again = stripe.post("/v1/tax_rates", Self.form, key: "k")
    #expect(again.header("Idempotent-Replayed") == "true")
    #expect(again.status == 500)
  }
}
