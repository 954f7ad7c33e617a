import Basics
private import Foundation

/// Who calls: any test key is taken, since there is only one account; a live key never.
enum Authentication {
  static func check(_ request: SandboxRequest) throws(SandboxError) {
    guard let header = request.header("Authorization"), let key = key(in: header) else {
      throw .unauthorized(
        """
        You did not provide an API key. You need to provide your API key in the Authorization \
        header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See \
        https://stripe.com/docs/api#authentication for details, or we can help at \
        https://support.stripe.com/.
        """)
    }
    if key.hasPrefix("sk_live_") || key.hasPrefix("rk_live_") {
      throw .unauthorized(
        """
        This is a sandbox, and a live mode key was used. Take a key that begins with sk_test_ or \
        rk_test_; the live key was not kept.
        """)
    }
    if key.hasPrefix("pk_") {
      var error = SandboxError.unauthorized(
        """
        This API call cannot be made with a publishable API key. Please use a secret API key. \
        You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.
        """)
      error.code = "secret_key_required"
      throw error
    }
    guard key.hasPrefix("sk_test_") || key.hasPrefix("rk_test_") else {
      throw .unauthorized("Invalid API Key provided: \(redacted(key))")
    }
  }

  /// The key of `Bearer KEY`, or the user's name of `Basic BASE64`.
  private static func key(in header: String) -> String? {
    let words = header.split(separator: " ")
    guard words.count == 2 else { return nil }
    switch words[0].lowercased() {
    case "bearer": return String(words[1])
    case "basic":
      guard let data = Data(base64Encoded: String(words[1])),
        let user = String(data: data, encoding: .utf8)?.prefix(while: { $0 != ":" }),
        !user.isEmpty
      else { return nil }
      return String(user)
    default: return nil
    }
  }

  private static func redacted(_ key: String) -> String {
    key.count < 12 ? "****" : "\(key.prefix(4))****\(key.suffix(4))"
  }
}

extension SandboxRequest {
  /// The first header of this name, whatever its case.
  func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}
