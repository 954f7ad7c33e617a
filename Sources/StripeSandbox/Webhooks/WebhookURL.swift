/// The address of a webhook endpoint: http or https, also of this machine.
///
/// In live mode Stripe takes https alone; here there is no live mode. Only the words for an address
/// without a scheme are known to be Stripe's.
enum WebhookURL {
  static func checked(_ url: String) throws(SandboxError) -> String {
    guard let colon = url.firstRange(of: "://") else {
      throw invalid("Invalid URL: An explicit scheme (such as https) must be provided.")
    }
    guard ["http", "https"].contains(url[..<colon.lowerBound].lowercased()) else {
      throw invalid("Invalid URL: The scheme must be http or https.")
    }
    let host = url[colon.upperBound...].prefix { !"/?#".contains($0) }
    guard !host.isEmpty, url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw invalid("Not a valid URL")
    }
    return url
  }

  private static func invalid(_ message: String) -> SandboxError {
    .invalid(message, code: "url_invalid", parameter: "url")
  }
}
