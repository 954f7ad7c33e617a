import BillingCore

/// Where customers come back to from a page of Stripe's: the option, else `urls:` of plans.yaml, else
/// the front end's own pages.
extension Context {
  /// The pages after a checkout that was paid, and after one that was left.
  func checkoutAddresses(
    success: String?, cancel: String?, _ catalogue: Catalogue
  ) throws -> (success: String, cancel: String?) {
    let success = try success ?? catalogue.urls.checkoutSuccess ?? frontEnd("&success=true")
    let cancel = try cancel ?? catalogue.urls.checkoutCancel ?? frontEnd("&canceled=true")
    if let success { return (success, cancel) }
    guard settings.isSandbox else {
      throw CommandError.configuration(
        "invalid_env", "it is not known where the customer is to return to",
        hint: "give --success-url, or set urls in plans.yaml or FRONTEND_URL")
    }
    return (Self.assumedSuccess, cancel)
  }

  private static let assumedFrontEnd = "http://localhost:3000"
  private static let assumedSuccess = assumedFrontEnd + "/settings?tab=billing&success=true"

  /// Tells that a page leads where nobody said, once there is going to be such a page.
  func noteAssumedAddress(_ success: String) {
    guard success == Self.assumedSuccess else { return }
    note("FRONTEND_URL is not set: the page would lead to \(Self.assumedFrontEnd)")
  }

  /// The page after a visit to the portal; nil leaves it to the portal's configuration.
  func portalAddress(_ given: String? = nil, _ catalogue: Catalogue?) throws -> String? {
    try given ?? catalogue?.urls.portalReturn ?? frontEnd("")
  }

  /// The billing page of `FRONTEND_URL`.
  private func frontEnd(_ suffix: String) throws(CommandError) -> String? {
    guard var base = environment["FRONTEND_URL"] else { return nil }
    while base.hasSuffix("/") { base.removeLast() }
    guard WebAddress.isPossible(base) else {
      throw .configuration(
        "invalid_env", "FRONTEND_URL is no address: \(Arguments.quoted(base))",
        hint: "it begins with https://")
    }
    return base + "/settings?tab=billing" + suffix
  }
}

/// Addresses that a browser can be sent to.
enum WebAddress {
  static func isPossible(_ text: String) -> Bool {
    text.utf8.count <= 2000
      && text.wholeMatch(of: /https?:\/\/[^\s\/?#@]+([\/?#]\S*)?/) != nil
  }
}

extension Arguments {
  /// An address for a browser. Braces may stand in it: Stripe fills in `{CHECKOUT_SESSION_ID}`.
  func address(_ name: String) throws(UsageError) -> String? {
    guard let text = try option(name) else { return nil }
    guard WebAddress.isPossible(text) else {
      throw error("\(name) must be an address (https://…), not \(Self.quoted(text))")
    }
    return text
  }
}
