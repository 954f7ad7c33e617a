import Basics

/// Where the customer of an intent authenticates: a page to go to, where there is a way back, else
/// a dialogue that Stripe's script opens.
enum NextAction {
  static func made(_ intent: JSONObject, _ returnURL: String?, _ call: Call) throws -> JSON {
    let kind = intent.string("object") ?? ""
    guard let returnURL else {
      let source = kind == "setup_intent" ? "setatt" : "payatt"
      return [
        "type": "use_stripe_sdk",
        "use_stripe_sdk": [
          "directory_server_name": .string(try brand(of: intent, call)),
          "merchant": .string(call.settings.accountID), "one_click_authn": .null,
          "server_transaction_id": .string(transactionID(of: intent)),
          "three_d_secure_2_source": .string("\(source)_\(call.newToken(length: 24))"),
          "three_ds_method_url": "", "three_ds_optimizations": "kf",
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

  private static func brand(of intent: JSONObject, _ call: Call) throws -> String {
    let method = try intent.string("payment_method").flatMap { try call.find("payment_method", $0) }
    return method?.object("card")?.string("brand") ?? "visa"
  }

  /// A UUID by which the card's network would know the attempt.
  private static func transactionID(of intent: JSONObject) -> String {
    var digits = Hex.encode(Hash.sha256(Array(intent.id.utf8)))[...]
    return [8, 4, 4, 4, 12].map { length in
      defer { digits = digits.dropFirst(length) }
      return String(digits.prefix(length))
    }.joined(separator: "-")
  }
}
