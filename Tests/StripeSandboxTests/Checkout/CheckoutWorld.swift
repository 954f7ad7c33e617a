import Basics
import Testing

@testable import StripeSandbox

/// A sandbox with prices to sell on pages, and short words for what is done on them.
struct CheckoutWorld {
  let money: MoneyWorld
  /// A price of 25.00 that is paid once.
  let once: String

  var stripe: TestSandbox { money.stripe }

  init() throws {
    money = try MoneyWorld()
    let tokens = money.stripe.post("/v1/products", "name=Tokens").id
    once =
      money.stripe.post(
        "/v1/prices", "product=\(tokens)&currency=usd&unit_amount=2500"
      ).id
  }

  /// A new page that sells what fits its mode.
  func open(_ parameters: String) -> Answer {
    let sold =
      parameters.contains("mode=setup") || parameters.contains("line_items[0]")
      ? ""
      : """
      &line_items[0][price]=\(parameters.contains("mode=payment") ? once : money.monthly)&\
      line_items[0][quantity]=1
      """
    return stripe.post(
      "/v1/checkout/sessions",
      "success_url=https://example.com/done?id={CHECKOUT_SESSION_ID}\(sold)&\(parameters)")
  }

  /// Plays the customer.
  func complete(_ session: Answer, _ parameters: String = "") -> Answer {
    money.checked(
      stripe.post("/sandbox/checkout/sessions/\(session.id)/complete", parameters))
  }
}
