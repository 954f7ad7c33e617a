import Basics

/// Where the customer of an intent authenticates: a page to go to, where there is a way back, else
/// a dialogue that Stripe's script opens.
enum NextAction {
  static func made(_ intent: JSONObject, _ returnURL: String?, _ call: Call) -> JSON {
    let kind = intent.string("object") ?? ""
    guard let returnURL else {
      let source = kind == "setup_intent" ? "setatt" : "payatt"
      return [
        "type": "use_stripe_sdk",
        "use_stripe_sdk": [
          "three_d_secure_2_source": .string("\(source)_\(call.newToken(length: 24))"),
          "type": "stripe_3ds2_fingerprint",
        ],
      ]
    }
    let secret = intent.string("client_secret") ?? ""
    let page = "https://hooks.stripe.com/3d_secure_2/hosted?\(kind)=\(intent.id)"
    return [
      "redirect_to_url": [
        "return_url": .string(returnURL),
        "url": .string("\(page)&\(kind)_client_secret=\(secret)"),
      ], "type": "redirect_to_url",
    ]
  }
}
