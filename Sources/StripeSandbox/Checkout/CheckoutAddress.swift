import Basics

/// Where a page stands and where it leads: `ui_mode`, its own address and the addresses after it.
enum CheckoutAddress {
  static func apply(_ call: Call, to session: inout JSONObject) throws {
    let ui = call.string("ui_mode") ?? "hosted_page"
    let isHosted = ui == "hosted_page"
    session["ui_mode"] = .string(ui)
    let unknown =
      isHosted ? ["redirect_on_completion", "return_url"] : ["cancel_url", "success_url"]
    let given = unknown.filter { call.has($0) }
    guard given.isEmpty else {
      throw SandboxError.invalid(
        """
        The following parameters are not supported with `ui_mode: \(ui)`: \
        \(given.joined(separator: ", ")).
        """, parameter: given[0])
    }
    for name in ["cancel_url", "success_url", "return_url"] {
      try checkURL(call.parameters.string(name), parameter: name)
    }
    let id = session.id
    guard !isHosted else {
      guard call.has("success_url") else { throw SandboxError.missingParameter("success_url") }
      session["success_url"] = call["success_url"]
      session["cancel_url"] = call["cancel_url"] ?? .null
      session["url"] = .string(
        "https://checkout.stripe.com/c/pay/\(id)#\(call.newToken(length: 40))")
      return
    }
    let redirects = call.string("redirect_on_completion") ?? "always"
    guard (redirects == "never") != call.has("return_url") else {
      throw redirects == "never"
        ? SandboxError.invalid(
          "You can not pass `return_url` when `redirect_on_completion` is `never`.",
          parameter: "return_url")
        : SandboxError.missingParameter("return_url")
    }
    session["redirect_on_completion"] = .string(redirects)
    session["return_url"] = call["return_url"] ?? .null
    session["client_secret"] = .string("\(id)_secret_\(call.newToken(length: 40))")
  }

  /// Refuses what is no address with a scheme.
  static func checkURL(_ url: String?, parameter: String) throws {
    guard let url, url.wholeMatch(of: /[A-Za-z][A-Za-z0-9+.\-]*:\/\/\S+/) == nil else { return }
    throw SandboxError.invalid("Not a valid URL", code: "url_invalid", parameter: parameter)
  }
}
