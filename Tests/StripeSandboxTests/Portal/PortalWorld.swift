import Basics
import Testing

@testable import StripeSandbox

/// A sandbox with a customer in the portal, and short words for what is done there.
struct PortalWorld {
  let money: MoneyWorld
  let customer: String
  let dear: String

  var stripe: TestSandbox { money.stripe }

  /// What a configuration with everything on says.
  var everything: String {
    """
    features[payment_method_update][enabled]=true&features[subscription_cancel][enabled]=true&\(updates)
    """
  }

  private var updates: String {
    let name = "features[subscription_update]"
    return """
      \(name)[enabled]=true&\(name)[default_allowed_updates][0]=price&\
      \(name)[default_allowed_updates][1]=quantity&\
      \(name)[default_allowed_updates][2]=promotion_code&\
      \(name)[products][0][product]=\(money.product)&\
      \(name)[products][0][prices][0]=\(money.monthly)&\
      \(name)[products][0][prices][1]=\(dear)
      """
  }

  init() throws {
    money = try MoneyWorld()
    customer = money.customer()
    dear = MoneyWorld.price(money.stripe, money.product, 2900, "month")
  }

  /// A new configuration.
  func configuration(_ parameters: String) -> Answer {
    stripe.post("/v1/billing_portal/configurations", parameters)
  }

  /// A new visit of the customer, with everything on and what is said besides.
  func visit(_ more: String = "", flow: String = "") -> Answer {
    let configuration = configuration(more.isEmpty ? everything : "\(everything)&\(more)")
    #expect(configuration.status == 200, "\(configuration.error)")
    return stripe.post(
      "/v1/billing_portal/sessions",
      "customer=\(customer)&configuration=\(configuration.id)\(flow.isEmpty ? "" : "&")\(flow)")
  }

  /// Plays the customer.
  func act(_ session: String, _ act: String, _ parameters: String = "") -> Answer {
    money.checked(
      stripe.post("/sandbox/billing_portal/sessions/\(session)/\(act)", parameters))
  }

  func subscription(_ id: String) -> Answer { stripe.get("/v1/subscriptions/\(id)") }
}
